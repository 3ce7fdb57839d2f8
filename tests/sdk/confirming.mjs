import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  PASSWORD, client, followLink, linkIn, mailsTo, newAddress, person, refused, registered, serverCode, settings,
} from './world.mjs'

// Somebody who has registered and not confirmed the address yet.
async function pending() {
  await settings({ emailConfirmationRequired: true })
  return registered()
}

async function statusOf(id) {
  return (await serverCode().Data.of('Users').findById(id)).userStatus
}

test('who registers confirms the address by the link in the mail, and then can log in', async () => {
  const { app, user, email, id } = await pending()
  assert.equal(user.userStatus, 'EMAIL_CONFIRMATION_PENDING')
  await refused(app.Users.login(email, PASSWORD), 3087)
  const [mail] = await mailsTo(email)

  assert.match(await followLink(linkIn(mail)), /confirmed/)
  assert.equal(await statusOf(id), 'ENABLED')
  await app.Users.login(email, PASSWORD)
})

test('a resend for who has not confirmed gives nothing, and mails a link that replaces the older one', async () => {
  const { app, email, id } = await pending()
  assert.equal(await app.Users.resendEmailConfirmation(email), '')
  const [first, second] = await mailsTo(email, 2)

  assert.doesNotMatch(await followLink(linkIn(first)), /is confirmed/)
  assert.equal(await statusOf(id), 'EMAIL_CONFIRMATION_PENDING')
  assert.match(await followLink(linkIn(second)), /is confirmed/)
  assert.equal(await statusOf(id), 'ENABLED')
})

test('a resend for who has confirmed is 3102', async () => {
  const { app, email } = await pending()
  await followLink(linkIn((await mailsTo(email))[0]))

  await refused(app.Users.resendEmailConfirmation(email), 3102)
})

test('a resend for nobody is 3104', async () => {
  await settings({ emailConfirmationRequired: true })

  await refused(client().Users.resendEmailConfirmation(newAddress()), 3104)
  await refused(client().Users.resendEmailConfirmation(0), 3104)
})

test('a resend while nobody has to confirm is 3103, whoever it is for', async () => {
  const { app, email } = await person()

  await refused(app.Users.resendEmailConfirmation(email), 3103)
  await refused(app.Users.resendEmailConfirmation(newAddress()), 3103)
})

test('a resend too soon is told with the time to wait, and mails nothing', async () => {
  const { app, email } = await pending()
  await settings({ resendSeconds: 60 })
  await app.Users.resendEmailConfirmation(email).catch(() => {})
  const failure = await refused(app.Users.resendEmailConfirmation(email), 'rate limited', 429)

  const seconds = Number(failure.headers['retry-after'])
  assert.ok(seconds > 0 && seconds <= 60, failure.headers['retry-after'])
  assert.equal(failure.body.errorData['retry after'], seconds)
})

test('a link that code of the app itself creates confirms as well', async () => {
  const { app, email, id } = await pending()
  await refused(app.Users.createEmailConfirmationURL(email), 3054)
  const { confirmationURL } = await serverCode().Users.createEmailConfirmationURL(email)

  assert.match(await followLink(confirmationURL), /is confirmed/)
  assert.equal(await statusOf(id), 'ENABLED')
  await refused(serverCode().Users.createEmailConfirmationURL(email), 3102)
  await refused(serverCode().Users.createEmailConfirmationURL(newAddress()), 3104)
})

test('where nothing may tell who has an account, a stranger is answered always alike', async () => {
  const { app, email } = await pending()
  await settings({ reveal: false })

  assert.equal(await app.Users.resendEmailConfirmation(email), '')
  assert.equal(await app.Users.resendEmailConfirmation(newAddress()), '')
  assert.equal(await app.Users.restorePassword(newAddress()), '')
  const taken = await client().Users.register({ email, password: PASSWORD })
  assert.equal(taken.userStatus, 'EMAIL_CONFIRMATION_PENDING')
  await refused(client().Users.login(email, PASSWORD), 3003)
  await refused(serverCode().Users.resendEmailConfirmation(newAddress()), 3104)
  await mailsTo(email, 2)
})
