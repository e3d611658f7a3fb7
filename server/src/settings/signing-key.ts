import { createPublicKey } from "node:crypto";

import { isSymmetric, partsOf } from "../auth/algorithms.ts";
import { isPem, readPrivateKey, readPublicKey } from "../auth/pem.ts";
import type { SettingsReading } from "./reading.ts";
import type { JwtSettings } from "./resolved.ts";
import { simpleJwt } from "./simple-jwt.ts";
import { earshot, topLevel } from "./top-level.ts";
import type { Algorithm } from "./words.ts";

/** RFC 7518, 3.2, for HS256, the shortest there is. */
const SHORT_SECRET_BYTES = 32;

/** What keeps the keys from signing and verifying with the algorithm, or from doing so together. Never shows a key. */
export function keyProblems(settings: SettingsReading, jwt: JwtSettings): readonly string[] {
  const { ALGORITHM, SIGNING_KEY, VERIFYING_KEY, JWK_URL } = simpleJwt;
  if (!settings.areSound(ALGORITHM, SIGNING_KEY, VERIFYING_KEY, JWK_URL, topLevel.SECRET_KEY)) return [];
  return [
    ...(isSymmetric(jwt.algorithm) ? secretProblems(settings, jwt) : keyPairProblems(settings, jwt)),
    ...earlierKeyProblems(settings, jwt),
  ];
}

function secretProblems(settings: SettingsReading, jwt: JwtSettings): readonly string[] {
  const { SIGNING_KEY, VERIFYING_KEY, JWK_URL } = simpleJwt;
  const key = settings.isGiven(SIGNING_KEY) ? SIGNING_KEY : topLevel.SECRET_KEY;
  const problem = jwt.signingKey === undefined ? undefined : secretProblem(jwt.signingKey, jwt.algorithm);
  const useless = [
    ...(jwt.verifyingKey === undefined ? [] : [VERIFYING_KEY]),
    ...(jwt.jwkUrl === undefined ? [] : [JWK_URL]),
  ];
  return [
    ...(problem === undefined ? [] : [`${settings.labelOf(key)} ${problem}`]),
    ...useless.map(
      (one) =>
        `${settings.labelOf(one)} is set, but ${jwt.algorithm} verifies with the secret that signs; leave it out, or write an ALGORITHM with key pairs, such as ES256`,
    ),
  ];
}

function secretProblem(secret: string, algorithm: Algorithm): string | undefined {
  if (isPem(secret))
    return `is a PEM key, and ${algorithm} takes a secret; write a long random text, or the ALGORITHM of that key, such as ES256`;
  const parts = partsOf(algorithm);
  const least = parts.kind === "hmac" ? parts.leastBytes : 0;
  const bytes = Buffer.byteLength(secret);
  if (bytes >= least) return undefined;
  return `has ${bytes} bytes, and signing with ${algorithm} needs at least ${least} (RFC 7518, 3.2); write a longer random text`;
}

function keyPairProblems(settings: SettingsReading, jwt: JwtSettings): readonly string[] {
  const { ALGORITHM, SIGNING_KEY, VERIFYING_KEY, JWK_URL } = simpleJwt;
  const { algorithm, signingKey, verifyingKey, jwkUrl } = jwt;
  if (signingKey === undefined && verifyingKey === undefined && jwkUrl === undefined) {
    return [
      `${settings.labelOf(ALGORITHM)} is ${algorithm}, which signs with a private key; write it as PEM text in SIMPLE_JWT.SIGNING_KEY, ` +
        "or where tokens are only checked here, the public key in SIMPLE_JWT.VERIFYING_KEY",
    ];
  }
  const signing = signingKey === undefined ? undefined : readPrivateKey(signingKey, algorithm);
  const verifying = verifyingKey === undefined ? undefined : readPublicKey(verifyingKey, algorithm);
  const isPair = !(signing?.ok && verifying?.ok) || createPublicKey(signing.key).equals(verifying.key);
  return [
    ...(signing?.ok === false ? [`${settings.labelOf(SIGNING_KEY)} ${signing.problem}`] : []),
    ...(verifying?.ok === false ? [`${settings.labelOf(VERIFYING_KEY)} ${verifying.problem}`] : []),
    ...(isPair
      ? []
      : [
          `${settings.labelOf(VERIFYING_KEY)} is not the public key of ${settings.labelOf(SIGNING_KEY)}, so that the tokens made here would be refused here; leave it out, or write the one that is`,
        ]),
    ...(verifyingKey === undefined || jwkUrl === undefined
      ? []
      : [
          `${settings.labelOf(VERIFYING_KEY)} is set beside ${settings.labelOf(JWK_URL)}, where simplejwt does not look at it; leave one of them out`,
        ]),
  ];
}

function earlierKeyProblems(settings: SettingsReading, jwt: JwtSettings): readonly string[] {
  const { algorithm } = jwt;
  return jwt.earlierVerifyingKeys.flatMap((text, index) => {
    const reading = isSymmetric(algorithm) ? undefined : readPublicKey(text, algorithm);
    const problem = reading === undefined ? secretProblem(text, algorithm) : reading.ok ? undefined : reading.problem;
    if (problem === undefined) return [];
    return [`${settings.labelOf(earshot.VERIFYING_KEYS)} has a wrong entry (number ${index + 1}): it ${problem}`];
  });
}

/** What makes a secret easy to guess though it is long enough to be taken. */
export function weakKeyWarning(secret: string): string | undefined {
  if (secret.startsWith("django-insecure-"))
    return "begins with django-insecure-, which Django writes into keys meant for development only";
  if (new Set(secret).size < 5) return "has fewer than 5 different characters";
  return Buffer.byteLength(secret) < SHORT_SECRET_BYTES ? `is shorter than ${SHORT_SECRET_BYTES} bytes` : undefined;
}
