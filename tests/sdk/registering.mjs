import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PASSWORD, client, keys, newAddress, refused, registered, settings } from './world.mjs'

test('registering gives the record, without password and token', async () => {
  const app = client()
  const email = newAddress()
  const user = await app.Users.register({ email, password: PASSWORD, name: 'Ann', age: 44, tall: 1.75, tags: ['a', 'b'] })

  assert.ok(user instanceof app.User)
  assert.match(user.objectId, /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
  assert.deepEqual(
    { ...user, objectId: '', ownerId: user.ownerId === user.objectId, created: Math.abs(Date.now() - user.created) < 60_000 },
    {
      objectId: '', ownerId: true, created: true, updated: null, lastLogin: null, email, name: 'Ann', age: 44, tall: 1.75,
      tags: ['a', 'b'], userStatus: 'ENABLED', socialAccount: 'BACKENDLESS', ___class: 'Users',
      ...('blUserLocale' in user ? { blUserLocale: user.blUserLocale } : {}),
    },
  )
  assert.equal(app.getCurrentUserToken(), null)
})

test('an instance of the class User registers like any object', async () => {
  const app = client()
  const user = new app.User({ email: newAddress(), password: PASSWORD, blUserLocale: 'de' })

  assert.equal((await app.Users.register(user)).blUserLocale, 'de')
})

test('registering without a password, or without an identity, is refused', async () => {
  const app = client()

  await refused(app.Users.register({}), 3011)
  await refused(app.Users.register({ email: newAddress() }), 3011)
  await refused(app.Users.register({ password: PASSWORD }), 3013)
})

test('an identity registers once, however it is written', async () => {
  const { app, email } = await registered()

  await refused(app.Users.register({ email, password: PASSWORD }), 3033)
  await refused(app.Users.register({ email: email.toUpperCase(), password: PASSWORD }), 3033)
})

test('what is no email address is refused', async () => {
  await refused(client().Users.register({ email: 'nobody at home', password: PASSWORD }), 3040)
})

test('an objectId that the service did not give is refused', async () => {
  await refused(client().Users.register({ email: newAddress(), password: PASSWORD, objectId: 'mine' }), 3039)
})

test('while registration is off, nobody registers', async () => {
  await settings({ userRegistrationEnabled: false })

  await refused(client().Users.register({ email: newAddress(), password: PASSWORD }), 3009, 403)
})

test('a property that is no column is kept while the schema is dynamic', async () => {
  const { user } = await registered({ favouriteColour: 'green' })

  assert.equal(user.favouriteColour, 'green')
})

test('a property that is no column is dropped while the schema is not dynamic', async () => {
  await settings({ dynamicSchema: false })
  const { app, user, email } = await registered({ shoeSize: 44, name: 'Ann' })
  assert.equal(user.name, 'Ann')
  assert.ok(!('shoeSize' in user))

  const current = await app.Users.login(email, PASSWORD)
  current.hatSize = 58
  current.name = 'Anna'
  const updated = await app.Users.update(current)
  assert.equal(updated.name, 'Anna')
  assert.ok(!('hatSize' in updated))
})

test('a REST key registers as well', async () => {
  const app = client('rest')
  await app.Users.register({ email: newAddress(), password: PASSWORD })

  assert.notEqual(keys.rest, keys.js)
  assert.deepEqual(await app.Users.getUserRoles(), ['NotAuthenticatedUser', 'RestUser'])
})
