import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  PASSWORD, client, followLink, linkIn, loggedIn, mailsTo, newAddress, person, refused, registered,
  serverCode, settings,
} from './world.mjs'

test('a forgotten password is replaced by the link in a mail', async () => {
  const { app, email } = await registered()
  assert.equal(await app.Users.restorePassword(email), '')
  const [mail] = await mailsTo(email)
  const page = await followLink(linkIn(mail), { password: 'battery staple', again: 'battery staple' })

  assert.match(page, /password/i)
  await refused(client().Users.login(email, PASSWORD), 3003)
  await client().Users.login(email, 'battery staple')
})

test('the password of nobody is not restored', async () => {
  await refused(client().Users.restorePassword(newAddress()), 3020)
})

test('while recovery is off, no password is restored', async () => {
  const { app, email } = await person()
  await settings({ passwordRecoveryEnabled: false })

  await refused(app.Users.restorePassword(email), 3101)
})

test('an address with signs of its own is restored as it stands', async () => {
  const email = 'o+h/m#y?50%&=@yourmail.com'.replace('%', '')
  await person({ email })

  assert.equal(await client().Users.restorePassword(email), '')
  await mailsTo(email)
})

test('code of the app itself verifies the password of who is logged in', async () => {
  const { app, email, id } = await registered()
  const user = await app.Users.login(email, PASSWORD)
  const server = serverCode()
  server.Users.setCurrentUser({ objectId: id, 'user-token': user['user-token'] })

  assert.equal(await server.Users.verifyPassword(PASSWORD), true)
  assert.equal(await server.Users.verifyPassword('not this one'), false)
  server.setCurrentUserToken('no-such-token')
  await refused(server.Users.verifyPassword(PASSWORD), 3064)
})

test('nobody else verifies a password', async () => {
  const { app } = await loggedIn()

  await refused(app.Users.verifyPassword(PASSWORD), 3122)
})
