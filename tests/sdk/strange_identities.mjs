import assert from 'node:assert/strict'
import { test } from 'node:test'

import { client, mailsTo, person, serverCode, settings } from './world.mjs'

const STRANGE = [
  '..', '.', '../login', '../../x', '/', 'a/b@yourmail.com', 'a%2Fb@yourmail.com', '%2e%2e', 'a?b=c', 'a#b', '?', '#', ' ',
  '\u{1F600}', '\u0000', 'a\r\nX-Evil: 1', '<b>', "' or 1 = 1 --", '__proto__', '0', '-1', 'x'.repeat(10_000), '100%',
]

// 3006 is what `../login` makes of it: the SDK itself resolves the dots, and then calls that address.
const CODES = [3104, 3038, 3006, 'bad value', 'not found', 'wrong method', 'too big']

test('strange identities are answered with a code, and never with a page', async () => {
  await settings({ emailConfirmationRequired: true })
  const { Users } = client()
  for (const identity of STRANGE) {
    const failure = await Users.resendEmailConfirmation(identity).then(() => null, error => error)
    assert.ok(failure, `${JSON.stringify(identity)} was taken`)
    if (failure instanceof URIError) {
      continue // the SDK itself could not make an address of it
    }
    assert.ok(CODES.includes(failure.code), `${identity.slice(0, 50)}: ${failure.code} ${failure.message}`)
    assert.equal(typeof failure.body, 'object')
  }
})

test('strange identities are looked up as they stand where the SDK encodes them', async () => {
  for (const identity of STRANGE.filter(each => each !== '..' && each !== '.')) {
    const failure = await client().Users.restorePassword(identity).then(() => null, error => error)
    assert.ok(failure, `${JSON.stringify(identity)} was taken`)
    assert.ok([3020, 'bad value', 'too big'].includes(failure.code), `${JSON.stringify(identity.slice(0, 50))}: ${failure.code} ${failure.message}`)
  }
})

test('strange object ids lead to nobody and nowhere else', async () => {
  const server = serverCode()
  for (const id of STRANGE.filter(each => each !== '..' && each !== '.')) {
    const failure = await server.Data.of('Users').findById(id).then(() => null, error => error)
    assert.ok(failure, `${JSON.stringify(id)} was taken`)
    assert.ok([1000, 1009, 'bad value', 'not found', 'too big'].includes(failure.code), `${JSON.stringify(id.slice(0, 50))}: ${failure.code} ${failure.message}`)
  }
})

test('an address with a slash, a plus and a hash confirms like any other', async () => {
  await settings({ emailConfirmationRequired: true })
  for (const email of ['a/b+c@yourmail.com', 'a=b&c@yourmail.com', "o'neill@yourmail.com"]) {
    const { app } = await person({ email, userStatus: 'EMAIL_CONFIRMATION_PENDING' })
    assert.equal(await app.Users.resendEmailConfirmation(email), '')
  }
})

test('an address with signs that the SDK does not encode confirms where the caller encodes it', async () => {
  await settings({ emailConfirmationRequired: true })
  for (const email of ['a?b@yourmail.com', 'a#b@yourmail.com', 'a%2fb@yourmail.com', '100%@yourmail.com', '%2e%2e@yourmail.com']) {
    const { app } = await person({ email, userStatus: 'EMAIL_CONFIRMATION_PENDING' })
    assert.equal(await app.Users.resendEmailConfirmation(encodeURIComponent(email)), '')
    await mailsTo(email)
  }
})
