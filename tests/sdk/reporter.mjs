// One line of JSON for each test that ended: {name, file, problem}; the problem is null when it passed.
import { basename } from 'node:path'

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') {
      const { name, file, details: { error } } = data
      yield `${JSON.stringify({ name, file: basename(file), problem: error ? told(error) : null })}\n`
    }
  }
}

function told(error) {
  const cause = error.cause ?? error
  return cause.stack ?? String(cause)
}
