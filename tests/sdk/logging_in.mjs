import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PASSWORD, client, loggedIn, newAddress, owner, person, refused, registered, serverCode, settings } from './world.mjs'

test('logging in gives the user and a token, and logging out ends it', async () => {
  const { app, email, id } = await registered({ name: 'Ann' })
  const user = await app.Users.login(email, PASSWORD)
  const token = user['user-token']

  assert.ok(user instanceof app.User)
  assert.equal(user.objectId, id)
  assert.equal(user.name, 'Ann')
  assert.ok(user.lastLogin >= user.created)
  assert.ok(!('password' in user))
  assert.equal(app.getCurrentUserToken(), token)
  assert.equal(app.Users.loggedInUser(), id)
  assert.equal(await app.Users.isValidLogin(), true)

  assert.equal(await app.Users.logout(), undefined)
  assert.equal(app.getCurrentUserToken(), null)
  assert.equal(await app.Users.isValidLogin(), false)
  app.Users.setCurrentUser({ objectId: id, 'user-token': token })
  assert.equal(await app.Users.isValidLogin(), false)
})

test('a wrong identity and a wrong password are refused alike', async () => {
  const { app, email } = await registered()
  const unknown = await refused(app.Users.login(newAddress(), PASSWORD), 3003)
  const wrong = await refused(app.Users.login(email, 'not this one'), 3003)

  assert.equal(unknown.message, wrong.message)
  assert.equal(await app.Users.getCurrentUser(), null)
})

test('the current user is loaded again from the server', async () => {
  const { app, id } = await loggedIn({ name: 'Ann' })
  await serverCode().Users.update({ objectId: id, name: 'Anna' })
  assert.equal((await app.Users.getCurrentUser()).name, 'Ann')

  const user = await app.Users.getCurrentUser(true)
  assert.equal(user.name, 'Anna')
  assert.equal(await app.Users.isValidLogin(), true)
})

test('who stays logged in is known to the SDK without a new login', async () => {
  const { app, email, id } = await registered()
  await app.Users.login(email, PASSWORD, true)
  app.Users.currentUser = null

  assert.equal((await app.Users.getCurrentUser()).objectId, id)
  assert.equal(await app.Users.isValidLogin(), true)
  await app.Users.logout()
  assert.equal(app.LocalCache.get('user-token'), undefined)
})

test('a token that nobody has is refused, except where one asks whether it works', async () => {
  const { app, user } = await loggedIn()
  app.setCurrentUserToken('no-such-token')

  assert.equal(await app.Users.isValidLogin(), false)
  await refused(app.Users.getUserRoles(), 3064)
  await refused(app.Users.update(user), 3064)
  await refused(app.Users.logout(), 3064)
  assert.equal(app.getCurrentUserToken(), null)
})

test('logging out without having logged in is refused', async () => {
  await refused(client().Users.logout(), 3023)
})

test('a second login ends the first', async () => {
  const { app, email } = await registered()
  await app.Users.login(email, PASSWORD)
  const other = client()
  await other.Users.login(email, PASSWORD)

  assert.equal(await app.Users.isValidLogin(), false)
  assert.equal(await other.Users.isValidLogin(), true)
})

test('a second login is refused where the setting says so', async () => {
  await settings({ logoutLastUser: true })
  const { app, email } = await registered()
  await app.Users.login(email, PASSWORD)

  await refused(client().Users.login(email, PASSWORD), 3002)
  await app.Users.logout()
  await client().Users.login(email, PASSWORD)
})

test('as many logins as the setting allows go on at once', async () => {
  await settings({ enableMultipleLogins: true, maxConcurrentLogins: 2 })
  const { app, email } = await registered()
  await app.Users.login(email, PASSWORD)
  await client().Users.login(email, PASSWORD)

  await refused(client().Users.login(email, PASSWORD), 3044)
  assert.equal(await app.Users.isValidLogin(), true)
})

test('an account is locked after as many wrong passwords as the setting says', async () => {
  await settings({ failedLoginsLock: 2 })
  const { app, email, id } = await registered()

  await refused(app.Users.login(email, 'wrong'), 3003)
  await app.Users.login(email, PASSWORD)
  await refused(client().Users.login(email, 'wrong'), 3003)
  await refused(client().Users.login(email, 'wrong'), 3003)
  await refused(client().Users.login(email, PASSWORD), 3036)
  await owner('POST', `accounts/${id}/unlock`)
  await client().Users.login(email, PASSWORD)
})

test('only code of the app itself logs somebody in by the object id', async () => {
  const { app, id, email } = await person()
  await refused(app.Users.login(id), 2014)

  const user = await serverCode().Users.login(id)
  assert.equal(user.email, email)
  assert.ok(user['user-token'])
})

test('while logins are off, nobody logs in', async () => {
  const { app, email } = await registered()
  await settings({ loginsEnabled: false })

  await refused(app.Users.login(email, PASSWORD), 3034)
})

test('a disabled user cannot log in, and a session that goes on is refused, until the user is enabled', async () => {
  const { app, email, id } = await registered()
  await app.Users.login(email, PASSWORD)
  const server = serverCode()
  await refused(app.Users.disableUser(id), 3054)
  await refused(app.Users.enableUser(id), 3054)

  assert.equal(await server.Users.disableUser(id), '')
  assert.equal(await app.Users.isValidLogin(), false)
  await refused(app.Users.getCurrentUser(true), 3090)
  await refused(client().Users.login(email, PASSWORD), 3090)
  await app.Users.logout()
  assert.equal(app.getCurrentUserToken(), null)
  await refused(server.Users.disableUser(id), 3085)

  assert.equal(await server.Users.enableUser(id), '')
  await refused(server.Users.enableUser(id), 3086)
  await client().Users.login(email, PASSWORD)
})

test('the status of nobody cannot be changed', async () => {
  const server = serverCode()

  await refused(server.Users.disableUser('no-such-id'), 3057)
  await refused(server.Users.updateUserStatus((await person()).id, 'ASLEEP'), 2004)
})
