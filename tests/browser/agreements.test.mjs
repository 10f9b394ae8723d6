// Wycheproof's X25519 and X448 with JWKs, through the module in Chromium and through the command line.
import { x25519Vectors, x448Vectors } from './vector-sets/agreements.mjs';
import { testSets } from './vector-sets/compare.mjs';

testSets([
  ['X25519', x25519Vectors, 531 + 5, 531 - 13 - 31 + 5],
  ['X448', x448Vectors, 523 + 5 + 1, 497],
]);
