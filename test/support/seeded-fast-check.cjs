// What tests get as fast-check. Properties try the same cases in every run, so that a change is judged by what it
// changes. PROPERTY_SEED=random looks for new ones; a failing property prints its seed, and
// `PROPERTY_SEED=<seed> npx jest <file>` runs its cases again.
const fastCheck = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

const { PROPERTY_SEED: asked = '20260701' } = process.env;
if (asked !== 'random') fastCheck.configureGlobal({ seed: Number(asked) });

module.exports = fastCheck;
