import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { SECRET_KEY, startServer } from "../support/server.ts";
import {
  accessToken,
  asBearer,
  base64url,
  blacklist,
  claims,
  foreignRefreshToken,
  PASSWORD,
  refresh,
  sign,
  signature,
  signParts,
  verify,
} from "../support/tokens.ts";
import { partsOf, refusalBy } from "./refused.ts";

const server = await startServer();
after(() => server.close());
const { user_id: alice } = await server.createUser({ username: "alice", password: PASSWORD });
const assertRefused = refusalBy(server, alice);

describe("a token has one spelling", () => {
  /** The signature with its last character replaced by one that differs only in the bits that do not count. */
  const strayBits = (token: string) => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return token.slice(0, -1) + (alphabet[alphabet.indexOf(token.slice(-1)) + 1] ?? "");
  };
  test("stray bits in the signature", () => assertRefused(strayBits));
  test("padding", async () => {
    await assertRefused((token) => `${token}=`);
    await assertRefused((token) => {
      const [header, payload] = partsOf(token);
      return signParts(header, `${payload}${"=".repeat((4 - (payload.length % 4)) % 4) || "===="}`);
    });
  });
  test("the other alphabet", async () => {
    const other = (text: string) => text.replaceAll("-", "+").replaceAll("_", "/");
    for (let round = 0; round < 4; round++) {
      const spoilt = (token: string) => {
        const [header, payload, last] = partsOf(token);
        return `${header}.${payload}.${other(last)}`;
      };
      await assertRefused((token) => {
        let good = token;
        while (spoilt(good) === good) good = sign(claims(good.length % 2 ? "access" : "refresh", alice));
        return spoilt(good);
      });
    }
    const payload = base64url(JSON.stringify(claims("access", alice, { name: "???>>>~~~" })));
    assert.match(payload, /[-_]/);
    assert.equal((await asBearer(server, signParts(partsOf(accessToken(alice))[0], other(payload)))).status, 401);
  });
  test("white space and characters of no alphabet inside", async () => {
    for (const stray of ["\n", "\r\n", "\t", "\u00a0", "*", "\0", "é"]) {
      const spoil = (token: string) => `${token.slice(0, 60)}${stray}${token.slice(60)}`;
      for (const use of [refresh, blacklist, verify]) {
        const { status } = await use(server, spoil(foreignRefreshToken(alice)));
        assert.ok(status === 401 || (stray === "\0" && status === 400), `${status}`);
      }
    }
  });
  test("white space inside what was signed", () =>
    assertRefused((token) => {
      const [header, payload] = partsOf(token);
      return signParts(header, `${payload.slice(0, 8)}\n${payload.slice(8)}`).replaceAll("\n", "%0a");
    }));
});

describe("what is not three parts is no token", () => {
  const forms: Record<string, (token: string) => string> = {
    "five parts, as of an encrypted token": (token) => `${token}.AAAA.BBBB`,
    "four parts": (token) => `${token}.`,
    "two parts": (token) => token.slice(0, token.lastIndexOf(".")),
    "no parts": (token) => token.replaceAll(".", ""),
    "only points": () => "..",
    "a leading point": (token) => `.${token}`,
    "an empty payload": (token) => signParts(partsOf(token)[0], ""),
    "an empty header": (token) => signParts("", partsOf(token)[1]),
    "a signature that is too short": (token) => token.slice(0, -8),
    "a signature that is too long": (token) => `${token}AAAA`,
    "the signature of another token": (token) => {
      const [header, payload] = partsOf(token);
      return `${header}.${payload}.${signature("x")}`;
    },
    "another key": (token) => signParts(partsOf(token)[0], partsOf(token)[1], { key: `${SECRET_KEY}x` }),
  };
  for (const [name, spoil] of Object.entries(forms)) test(name, () => assertRefused(spoil));
});
