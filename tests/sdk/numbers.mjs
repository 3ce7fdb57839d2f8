import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PASSWORD, client, followLink, linkIn, mailsTo, newAddress, owner, refused, serverCode, settings } from './world.mjs'

// The app of the tests, where a number names an account, until the test is over.
async function numbersNameAccounts(t) {
  await owner('POST', 'columns', { name: 'phone', type: 'INT' })
  await owner('PATCH', 'settings', { identityColumn: 'phone' })
  t.after(() => owner('PATCH', 'settings', { identityColumn: 'email' }))
}

test('numbers name accounts where the identity column holds numbers', async t => {
  await numbersNameAccounts(t)
  await settings({ emailConfirmationRequired: true })
  const app = client()
  const email = newAddress()
  const user = await app.Users.register({ phone: 5551234, email, password: PASSWORD })
  assert.equal(user.phone, 5551234)
  await refused(app.Users.login(5551234, PASSWORD), 3087)
  await refused(client().Users.register({ phone: 5551234, email: newAddress(), password: PASSWORD }), 3033)

  assert.equal(await app.Users.resendEmailConfirmation(5551234), '')
  await refused(app.Users.resendEmailConfirmation(0), 3104)
  await refused(app.Users.resendEmailConfirmation(email), 3104)
  assert.match(await followLink(linkIn((await mailsTo(email, 2))[1])), /is confirmed/)

  assert.equal((await app.Users.login(5551234, PASSWORD)).objectId, user.objectId)
  await owner('POST', 'roles', { name: 'caller' })
  await serverCode().Users.assignRole(5551234, 'caller')
  assert.ok((await app.Users.getUserRoles()).includes('caller'))
  assert.equal(await app.Users.restorePassword('5551234'), '')
})
