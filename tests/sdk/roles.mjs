import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import { client, loggedIn, owner, person, refused, serverCode } from './world.mjs'

before(async () => {
  for (const name of ['editor', 'head of sales']) {
    await owner('POST', 'roles', { name })
  }
})

test('everybody has the roles of their key, and of being logged in or not', async () => {
  assert.deepEqual(await client().Users.getUserRoles(), ['NotAuthenticatedUser', 'JSUser'])
  assert.deepEqual(await (await loggedIn()).app.Users.getUserRoles(), ['AuthenticatedUser', 'JSUser'])
  assert.ok((await serverCode().Users.getUserRoles()).includes('ServerCodeUser'))
})

test('code of the app itself assigns roles and takes them away', async () => {
  const { app, id, email } = await loggedIn()
  const server = serverCode()
  assert.equal(await server.Users.assignRole(email, 'editor'), '')
  assert.equal(await server.Users.assignRole(id, 'head of sales'), '')

  assert.deepEqual((await server.Users.getUserRoles(id)).sort(), ['editor', 'head of sales'])
  assert.ok((await app.Users.getUserRoles()).includes('editor'))
  assert.deepEqual((await app.Users.getUserRoles(id)).sort(), ['editor', 'head of sales'])

  assert.equal(await server.Users.unassignRole(email, 'editor'), '')
  assert.deepEqual(await server.Users.getUserRoles(id), ['head of sales'])
})

test('others do neither, and do not see the roles of others', async () => {
  const { app } = await loggedIn()
  const { id, email } = await person()

  await refused(app.Users.assignRole(email, 'editor'), 2011)
  await refused(app.Users.unassignRole(email, 'editor'), 2011)
  await refused(app.Users.getUserRoles(id), 2011)
})

test('roles of the system, and roles that are not there, are not assigned', async () => {
  const { email } = await person()
  const { Users } = serverCode()

  await refused(Users.assignRole(email, 'AuthenticatedUser'), 2007)
  await refused(Users.unassignRole(email, 'AuthenticatedUser'), 2008)
  await refused(Users.assignRole(email, 'no such role'), 2005)
  await refused(Users.unassignRole(email, 'no such role'), 2005)
  await refused(Users.assignRole('nobody@yourmail.com', 'editor'), 3057)
})

test('users are found by a role that the owner made', async () => {
  const server = serverCode()
  const people = [await person({ age: 20 }), await person({ age: 40 }), await person({ age: 30 })]
  for (const { id } of people) {
    await server.Users.assignRole(id, 'editor')
  }
  const all = await server.Users.findByRole('editor')
  assert.deepEqual(all.map(user => user.objectId), people.map(({ id }) => id))
  assert.ok(all.every(user => !('roles' in user) && user instanceof server.User))

  const withRoles = await server.Users.findByRole('editor', true)
  assert.deepEqual(withRoles.map(user => user.roles), [['editor'], ['editor'], ['editor']])
  await refused(server.Users.findByRole('no such role'), 2005)
  await refused(server.Users.findByRole('AuthenticatedUser'), 2005)
})

test('users in a role are found by a condition, sorted, a page at a time', async () => {
  const server = serverCode()
  for (const age of [20, 40, 30, 10]) {
    const { id } = await person({ age })
    await server.Users.assignRole(id, 'head of sales')
  }
  const query = server.DataQueryBuilder.create()
    .setWhereClause('age > 15')
    .setSortBy(['age DESC'])
    .setPageSize(2)
    .setProperties(['age'])
  const found = await server.Users.findByRole('head of sales', false, query)
  assert.deepEqual(found.map(user => user.age), [40, 30])
  assert.ok(!('email' in found[0]))

  const next = await server.Users.findByRole('head of sales', true, query.prepareNextPage())
  assert.deepEqual(next.map(user => user.age), [20])
})

test('who may look at nobody else finds nobody else by a role', async () => {
  const { app, id } = await loggedIn()
  await refused(client().Users.findByRole('editor'), 1013)
  assert.deepEqual(await app.Users.findByRole('editor'), [])

  await serverCode().Users.assignRole(id, 'editor')
  assert.deepEqual((await app.Users.findByRole('editor')).map(user => user.objectId), [id])
})
