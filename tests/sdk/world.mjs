// The server that the tests talk to, and what more than one of them needs.
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { after, beforeEach } from 'node:test'

import Backendless from 'backendless'

const { url, appId, keys, outbox } = JSON.parse(process.env.BLOCKWRIGHT_SERVED)
const PATIENCE = 20_000
const PASSWORD = 'correct horse'

// The SDK as one client has it: with a key of this kind, and nobody logged in.
function client(kind = 'js') {
  return Backendless.initApp({ appId, apiKey: keys[kind], serverURL: url, standalone: true })
}

// The app's own code, which has the CloudCode key.
function serverCode() {
  return client('cloud-code')
}

const codeOfTheApp = serverCode()

// Call the owner's API.
async function owner(method, path, body) {
  const headers = { authorization: `Bearer ${keys.owner}`, 'content-type': 'application/json' }
  const response = await fetch(`${url}/owner/${path}`, { method, headers, body: body && JSON.stringify(body) })
  const text = await response.text()
  assert.ok(response.ok, text)
  return text && JSON.parse(text)
}

const WITHOUT_LIMITS = {
  resendSeconds: 0,
  mailsPerAddressAndDay: 0,
  mailsPerClientAndHour: 0,
  mailsPerHour: 0,
  loginsPerClientAndHour: 0,
}
const { identityColumn, ...defaults } = await owner('GET', 'settings')
const ordinary = { ...defaults, publicBaseUrl: url, ...WITHOUT_LIMITS }
let current = null

// Change settings for the rest of a test.
async function settings(changes) {
  current = { ...current, ...changes }
  await owner('PATCH', 'settings', changes)
}

beforeEach(ordinarySettings)
after(ordinarySettings)

async function ordinarySettings() {
  const changed = Object.keys(ordinary).filter(name => current?.[name] !== ordinary[name])
  if (changed.length) {
    await settings(Object.fromEntries(changed.map(name => [name, ordinary[name]])))
  }
}

let people = 0

// An address that nobody has.
function newAddress() {
  people += 1
  return `person${people}@yourmail.com`
}

// Somebody who has registered, with the SDK of a client on which nobody is logged in.
async function registered(properties = {}) {
  const app = client()
  const user = await app.Users.register({ email: newAddress(), password: PASSWORD, ...properties })
  return { app, user, email: user.email, id: user.objectId }
}

// The same, where the password does not matter: there is none, because making sure of one takes its time.
async function person(properties = {}) {
  const user = await owner('POST', 'accounts', { email: newAddress(), ...properties })
  return { app: client(), user, email: user.email, id: user.objectId }
}

// Such a person, logged in.
async function loggedIn(properties = {}) {
  const { app, email, id } = await person(properties)
  return { app, email, id, user: app.Users.setCurrentUser(await codeOfTheApp.Users.login(id)) }
}

// The mails to an address, oldest first, as soon as there are so many.
async function mailsTo(address, count = 1) {
  let mails = []
  await until(async () => (mails = await mailsIn(outbox, address)).length >= count)
  return mails
}

// Wait until something holds.
async function until(holds) {
  const end = Date.now() + PATIENCE
  while (!await holds()) {
    assert.ok(Date.now() < end, `it never came about: ${holds}`)
    await pause(20)
  }
}

async function mailsIn(folder, address) {
  const names = (await readdir(folder)).filter(name => name.endsWith('.eml')).sort()
  const texts = await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')))
  return texts.filter(text => text.toLowerCase().includes(`\nto: ${address}`))
}

// The link in a mail.
function linkIn(mail) {
  const link = mail.match(/http:\/\/\S+token=[\w-]+/)
  assert.ok(link, mail)
  return link[0]
}

// Open the page of a link and send its form, as a browser does; gives the page that comes then.
async function followLink(link, fields = {}) {
  const page = await fetch(link)
  assert.equal(page.status, 200)
  assert.match(await page.text(), /<form /)
  const token = new URL(link).searchParams.get('token')
  const form = new URLSearchParams({ token, ...fields })
  const next = await fetch(link.split('?')[0], { method: 'POST', body: form })
  return next.text()
}

// The failure with this code that a call must end in, as the SDK gives it to its user.
async function refused(call, code, status = 400) {
  const failure = await call.then(value => assert.fail(`${JSON.stringify(value)} rather than ${code}`), error => error)
  assert.deepEqual({ code: failure.code, status: failure.status }, { code, status }, failure.message)
  assert.match(failure.message, /^\S.*\.$/)
  return failure
}

export {
  PASSWORD, appId, client, followLink, keys, linkIn, loggedIn, mailsTo, newAddress, owner, person, refused, registered,
  serverCode, settings, until, url,
}
