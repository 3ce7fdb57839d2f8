// All tests, one after the other in one process, because they share one app and its settings.
import './numbers.mjs' // first, as it needs an app where nobody is without a number
import './starting.mjs'
import './registering.mjs'
import './logging_in.mjs'
import './guests.mjs'
import './updating.mjs'
import './finding.mjs'
import './roles.mjs'
import './passwords.mjs'
import './confirming.mjs'
import './strange_identities.mjs'
