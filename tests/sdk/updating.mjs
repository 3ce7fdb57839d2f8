import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PASSWORD, client, loggedIn, person, refused, registered, serverCode } from './world.mjs'

test('the whole user that the SDK holds is sent back, and what changed is kept', async () => {
  const { app, user, id } = await loggedIn({ name: 'Ann' })
  user.name = 'Anna'
  user.hobbies = { indoors: ['chess'] }
  const updated = await app.Users.update(user)

  assert.ok(updated instanceof app.User)
  assert.equal(updated.objectId, id)
  assert.equal(updated.name, 'Anna')
  assert.deepEqual(updated.hobbies, { indoors: ['chess'] })
  assert.ok(updated.updated >= updated.created)
  assert.ok(!('password' in updated))
  assert.equal((await app.Users.getCurrentUser(true)).name, 'Anna')
})

test('a new password is the one to log in with', async () => {
  const { app, id, email } = await registered()
  await app.Users.login(email, PASSWORD)
  await app.Users.update({ objectId: id, password: 'battery staple' })

  await refused(client().Users.login(email, PASSWORD), 3003)
  await client().Users.login(email, 'battery staple')
})

test('nobody changes somebody else, except code of the app itself', async () => {
  const { id } = await person()
  await refused(client().Users.update({ objectId: id, name: 'X' }), 3028)
  await refused((await loggedIn()).app.Users.update({ objectId: id, name: 'X' }), 3029)

  assert.equal((await serverCode().Users.update({ objectId: id, name: 'Y' })).name, 'Y')
  await refused(serverCode().Users.update({ objectId: 'no-such-id', name: 'Z' }), 3030)
})

test('an identity that somebody has is not taken', async () => {
  const { email } = await person()
  const { app, user } = await loggedIn()

  await refused(app.Users.update({ ...user, email }), 3018)
})

test('a value of the wrong type is refused', async () => {
  await person({ steps: 1000 })
  const { app, id } = await loggedIn()

  await refused(app.Users.update({ objectId: id, steps: 'many' }), 3049)
})

test('saving to the Users table changes an account; only code of the app itself makes one there', async () => {
  const { app, id } = await loggedIn()
  const saved = await app.Data.of(app.User).save({ objectId: id, name: 'Anna' })
  assert.equal(saved.name, 'Anna')
  assert.ok(saved instanceof app.User)

  await refused(client().Data.of('Users').save({ email: 'new@yourmail.com', password: PASSWORD }), 1002)
  const made = await serverCode().Data.of('Users').save({ email: 'new@yourmail.com', password: PASSWORD })
  assert.equal((await client().Users.login('new@yourmail.com', PASSWORD)).objectId, made.objectId)
})

test('a date is kept to the millisecond', async () => {
  const { app, id } = await loggedIn()
  const born = new Date('1990-05-17T10:20:30.456Z')
  const saved = await app.Data.of('Users').save({ objectId: id, born })

  assert.equal(new Date(saved.born).getTime(), born.getTime())
})

test('users remove themselves, code of the app itself removes anybody, and others nobody', async () => {
  const { app, id } = await loggedIn()
  const other = await person()
  await refused(client().Data.of('Users').remove(id), 3095)
  await refused(app.Data.of('Users').remove(other.id), 3095)

  const { deletionTime } = await app.Data.of('Users').remove({ objectId: id })
  assert.ok(Math.abs(Date.now() - deletionTime) < 60_000)
  assert.equal(await app.Users.isValidLogin(), false)
  await refused(serverCode().Data.of('Users').findById(id), 1000)
  assert.ok((await serverCode().Data.of('Users').remove(other.id)).deletionTime)
})
