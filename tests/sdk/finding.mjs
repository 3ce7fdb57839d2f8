import assert from 'node:assert/strict'
import { test } from 'node:test'

import { client, loggedIn, person, refused, serverCode, settings } from './world.mjs'

let groups = 0

// Three people of a group of their own, aged 20, 30 and 40.
async function group() {
  groups += 1
  const name = `group${groups}`
  const people = []
  for (const age of [30, 20, 40]) {
    people.push(await person({ group: name, age }))
  }
  return { where: `group = '${name}'`, people }
}

test('users are found by a condition, sorted, a page at a time', async () => {
  const three = await group()
  const app = serverCode()
  const query = app.DataQueryBuilder.create()
    .setWhereClause(three.where)
    .setSortBy(['age DESC'])
    .setPageSize(2)
  const users = await app.Data.of(app.User).find(query)
  const rest = await app.Data.of(app.User).find(query.prepareNextPage())

  assert.deepEqual(users.map(user => user.age), [40, 30])
  assert.deepEqual(rest.map(user => user.age), [20])
  assert.ok(users[0] instanceof app.User)
})

test('a plain object is a query too', async () => {
  const three = await group()
  const users = await serverCode().Data.of('Users').find({ where: `${three.where} and age < 35`, sortBy: 'age', pageSize: 5 })

  assert.deepEqual(users.map(user => user.age), [20, 30])
})

test('only the properties that were asked for come', async () => {
  const three = await group()
  const app = serverCode()
  const query = app.DataQueryBuilder.create().setWhereClause(three.where).setProperties(['age', 'email']).setSortBy('age')
  const [first] = await app.Data.of('Users').find(query)
  assert.deepEqual(Object.keys(first).filter(name => name !== '___class').sort(), ['age', 'email'])

  const without = app.DataQueryBuilder.create().setWhereClause(three.where).excludeProperties(['age', 'email'])
  const [other] = await app.Data.of('Users').find(without)
  assert.ok(!('age' in other) && !('email' in other) && 'objectId' in other)
})

test('users are counted', async () => {
  const three = await group()
  const app = serverCode()
  const query = app.DataQueryBuilder.create().setWhereClause(`${three.where} and age > 20`)

  assert.equal(await app.Data.of('Users').getObjectCount(query), 2)
  assert.equal(await app.Data.of('Users').getObjectCount(three.where), 3)
  assert.ok(await app.Data.of('Users').getObjectCount() >= 3)
})

test('the first and the last of those who are found', async () => {
  const three = await group()
  const app = serverCode()
  const query = { where: three.where, sortBy: 'age' }

  assert.equal((await app.Data.of('Users').findFirst(query)).age, 20)
  assert.equal((await app.Data.of('Users').findLast({ where: three.where })).age, 40)
  assert.equal(await app.Data.of('Users').findFirst({ where: `${three.where} and age > 99` }), undefined)
})

test('a user is found by the object id, with all properties or some', async () => {
  const three = await group()
  const app = serverCode()
  const { id, email } = three.people[0]
  assert.equal((await app.Data.of('Users').findById(id)).email, email)

  const some = await app.Data.of('Users').findById(id, app.DataQueryBuilder.create().setProperties(['email', 'age']))
  assert.deepEqual({ ...some, ___class: 'Users' }, { email, age: 30, ___class: 'Users' })
  const without = await app.Data.of('Users').findById(id, app.DataQueryBuilder.create().excludeProperties(['email']))
  assert.ok(!('email' in without))
  assert.equal(without.age, 30)
  await refused(app.Data.of('Users').findById('no-such-id'), 1000)
})

test('a user is found by the primary key as an object', async () => {
  const three = await group()
  const { id, email } = three.people[0]

  assert.equal((await serverCode().Data.of('Users').findById({ objectId: id })).email, email)
})

test('a condition that cannot be read is refused', async () => {
  await refused(serverCode().Data.of('Users').find({ where: 'age >' }), 1017)
})

test('everybody sees only themselves, unless a setting allows more', async () => {
  const three = await group()
  const { app, id } = await loggedIn()
  const other = three.people[0].id
  assert.deepEqual((await app.Data.of('Users').find()).map(user => user.objectId), [id])
  assert.equal(await app.Data.of('Users').getObjectCount(), 1)
  await refused(app.Data.of('Users').findById(other), 1013)
  await refused(client().Data.of('Users').find(), 1013)

  await settings({ findUsers: 'users' })
  assert.equal((await app.Data.of('Users').findById(other)).objectId, other)
  await refused(client().Data.of('Users').findById(other), 1013)

  await settings({ findUsers: 'everyone' })
  assert.equal((await client().Data.of('Users').find({ where: three.where })).length, 3)
})

test('the columns are described in both ways that the SDK has', async () => {
  const app = client()
  const columns = await app.Users.describeUserClass()
  const email = columns.find(column => column.name === 'email')

  assert.deepEqual([email.type, email.identity, email.required], ['STRING', true, true])
  assert.ok(columns.some(column => column.name === 'age'))
  assert.deepEqual(await app.Data.describe('Users'), columns)
  assert.deepEqual(await app.Data.describe(app.User), columns)
})
