// One line of JSON in, one out; runs for as long as the gateway does.
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', line => {
  const { id, event } = JSON.parse(line);
  const reply = typeof event.temperature === 'number'
    ? { id, result: { verdict: event.temperature > 30 ? 'high' : 'fine' } }
    : { id, error: { type: 'BadEvent', message: 'there is no temperature' } };
  process.stdout.write(JSON.stringify(reply) + '\n');
});
