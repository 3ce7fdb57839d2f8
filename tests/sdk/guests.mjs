import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PASSWORD, client, newAddress, refused, serverCode } from './world.mjs'

test('a guest is a user with a token and the role of guests', async () => {
  const app = client()
  const guest = await app.Users.loginAsGuest()

  assert.equal(guest.userStatus, 'GUEST')
  assert.ok(guest instanceof app.User)
  assert.equal(app.getCurrentUserToken(), guest['user-token'])
  assert.equal(await app.Users.isValidLogin(), true)
  assert.ok((await app.Users.getUserRoles()).includes('GuestUser'))
})

test('a guest registers and keeps the account', async () => {
  const app = client()
  const guest = await app.Users.loginAsGuest(true)
  await app.Users.update({ objectId: guest.objectId, cart: 'three apples' })
  const email = newAddress()
  const user = await app.Users.register({ objectId: guest.objectId, email, password: PASSWORD })

  assert.equal(user.objectId, guest.objectId)
  assert.equal(user.userStatus, 'ENABLED')
  assert.equal(user.cart, 'three apples')
  assert.equal((await client().Users.login(email, PASSWORD)).objectId, guest.objectId)
})

test('nobody registers as a guest that somebody else is', async () => {
  const guest = await client().Users.loginAsGuest()
  const claim = { objectId: guest.objectId, email: newAddress(), password: PASSWORD }
  await refused(client().Users.register(claim), 3039)

  const other = client()
  await other.Users.loginAsGuest()
  await refused(other.Users.register(claim), 3039)
})

test('a guest who logs out is forgotten', async () => {
  const app = client()
  const { objectId } = await app.Users.loginAsGuest()
  await app.Users.logout()

  await refused(serverCode().Data.of('Users').findById(objectId), 1000)
})
