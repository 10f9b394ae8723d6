// Wycheproof's JOSE files and the RFCs' own examples, through the module in Chromium and through the command line.
import { testSets } from './vector-sets/compare.mjs';
import { disclosures, encryption, keys, macs, signatures, tokens } from './vector-sets/standards.mjs';
import { joseVectors } from './vector-sets/wycheproof.mjs';

testSets([
  ['json_web_signature', () => joseVectors('json_web_signature'), 401, 43],
  ['json_web_key', () => joseVectors('json_web_key'), 26, 6],
  ['json_web_crypto', () => joseVectors('json_web_crypto'), 83, 8],
  ['json_web_encryption', () => joseVectors('json_web_encryption'), 139, 66],
  ['RFC 2202 and RFC 4231', macs, 56, 53],
  ['RFC 7515, RFC 7520 §4, RFC 7797, RFC 8037, RFC 9964', signatures, 64, 55],
  ['RFC 7519, RFC 7520 §6', tokens, 11, 6],
  ['RFC 7516, RFC 7517 C, RFC 7520 §5', encryption, 116, 78],
  ['RFC 7517, RFC 7638, RFC 9278', keys, 32, 24],
  ['RFC 9901', disclosures, 65, 44],
]);
