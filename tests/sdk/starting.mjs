import assert from 'node:assert/strict'
import { test } from 'node:test'

import Backendless from 'backendless'

import { PASSWORD, appId, client, keys, loggedIn, newAddress, refused, until, url } from './world.mjs'

// What the SDK complains about on the console; it must be told what it complains about elsewhere.
function complaints(t) {
  return t.mock.method(console, 'error', () => {}).mock
}

test('the SDK starts with id and key, and is told about the app', async t => {
  const said = complaints(t)
  const app = Backendless.initApp({ appId, apiKey: keys.js, serverURL: url, standalone: true })
  const info = await app.appInfoPromise()

  assert.equal(info.appId, appId)
  assert.equal(info.apiKey, keys.rest)
  assert.equal(info.rtURL, url)
  assert.deepEqual(info.loggers, [])
  assert.deepEqual(await app.Users.getUserRoles(), ['NotAuthenticatedUser', 'JSUser'])
  assert.equal(said.callCount(), 0)
})

test('the SDK starts with the address alone, for the whole program', async t => {
  const said = complaints(t)
  const email = newAddress()
  Backendless.initApp(url)
  await Backendless.appInfoPromise()
  await Backendless.UserService.register({ email, password: PASSWORD })
  const user = await Backendless.UserService.login(email, PASSWORD)

  assert.equal(user.email, email)
  assert.ok(Backendless.getCurrentUserToken())
  assert.deepEqual(await Backendless.Users.getUserRoles(), ['AuthenticatedUser', 'RestUser'])
  await Backendless.UserService.logout()
  assert.equal(await Backendless.UserService.getCurrentUser(), null)
  assert.equal(said.callCount(), 0)
})

test('a wrong key is told as such', async t => {
  const said = complaints(t)
  const app = Backendless.initApp({ appId, apiKey: 'no-such-key', serverURL: url, standalone: true })

  await refused(app.Users.register({ email: newAddress(), password: PASSWORD }), 2002)
  await assert.rejects(app.appInfoPromise())
  assert.ok(said.callCount() > 0)
})

test('an owner key opens nothing of the API', async t => {
  complaints(t)
  const app = Backendless.initApp({ appId, apiKey: keys.owner, serverURL: url, standalone: true })

  await refused(app.Users.login(newAddress(), PASSWORD), 2002)
  await assert.rejects(app.appInfoPromise())
})

test('asking about the app with a token that has ended makes the SDK drop the token', async t => {
  const said = complaints(t)
  const { app } = await loggedIn()
  app.setCurrentUserToken('no-such-token')
  app.appInfoPromise(true) // which this SDK never fulfils once it had to ask again

  await until(() => app.getCurrentUserToken() === null)
  assert.deepEqual(await app.Users.getUserRoles(), ['NotAuthenticatedUser', 'JSUser'])
  assert.deepEqual(said.calls.map(call => call.arguments), [])
})

test('what the SDK logs is taken', async t => {
  const said = complaints(t)
  const app = client()
  const logger = app.Logging.getLogger('com.example.shop')
  logger.info('somebody came')
  logger.error('something broke', 'a stack')
  await app.Logging.flush()

  assert.deepEqual(app.Logging.messages, [])
  assert.equal(said.callCount(), 0)
})

test('what is not here is said with a code', async () => {
  const app = client()

  await refused(app.Data.of('Orders').find(), 1009)
  await refused(app.Data.of('Orders').save({ total: 5 }), 1009)
  await refused(app.Users.loginWithOauth2('googleplus', 'a token'), 3052)
  await refused(app.Users.loginWithOauth1('twitter', 'a token', 'a secret'), 3052)
  await refused(app.Users.getAuthorizationUrlLink('facebook'), 3052)
  await refused(app.Counters.of('visits').get(), 'not found', 404)
  await refused(app.Messaging.publish('default', 'hello'), 'not found', 404)
})
