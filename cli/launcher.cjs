#!/usr/bin/env node
// Old syntax on purpose: a Node.js far too old must still be able to read this file and say so.
'use strict';

var childProcess = require('child_process');
var fs = require('fs');
var path = require('path');

// The same numbers as contract/exit-codes.ts, which this file cannot import before it is bundled.
var exits = { nodeTooOld: 20, dependenciesMissing: 21, sourcesBroken: 22 };
var wanted = [20, 19];

var root = path.join(__dirname, '..');
var problem = findProblem();
if (problem) {
  process.stderr.write(`spectrum: ${problem.sentence}\n`);
  process.exitCode = problem.code;
} else {
  require(path.join(root, 'dist', 'spectrum.cjs'));
}

function findProblem() {
  if (!isNewEnough(process.version)) {
    return {
      code: exits.nodeTooOld,
      sentence: `Node.js ${process.version} is too old; install version ${wanted.join('.')} or newer`,
    };
  }
  if (!fs.existsSync(path.join(root, 'node_modules', 'esbuild', 'package.json'))) {
    return { code: exits.dependenciesMissing, sentence: `the packages are not installed; run npm ci in ${root}` };
  }
  return bundle();
}

function isNewEnough(version) {
  var parts = version.replace(/^v/, '').split('.').map(Number);
  return parts[0] > wanted[0] || (parts[0] === wanted[0] && parts[1] >= wanted[1]);
}

function bundle() {
  var built = childProcess.spawnSync(process.execPath, [path.join(root, 'scripts', 'build.js'), '--when-stale'], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (built.status === 0) return undefined;
  var reason = (built.stderr || String(built.error || '')).trim().split('\n')[0];
  return { code: exits.sourcesBroken, sentence: `the sources cannot be bundled: ${reason}` };
}
