/** The password of every vector here, unless one says otherwise. */
export const PASSWORD = "sésame, ouvre-toi";

/** Made by Django 3.2.25 and 5.2.17 (`make_password` with default parameters), argon2-cffi 21.1 and bcrypt 3.2. */
export const DJANGO_DEFAULTS = {
  pbkdf2_sha256: "pbkdf2_sha256$260000$xSvRKklQkkz8omNMJj7DSu$wcXSThQqRvigamW4o7u7DH5bFe5vZg8soEKuZLeYErk=",
  "pbkdf2_sha256 of Django 5.2":
    "pbkdf2_sha256$1000000$Rp0tIKRETGchYeAqzr6E7b$XzuXC5rUPQdZUZQTiFUkLKduoYmKCvBID15jEIy3wD8=",
  pbkdf2_sha1: "pbkdf2_sha1$260000$B7q1DJZaHC75Wf9erbl6Mf$9L5iUgVIaaLj7uhcXcd69D+PRMc=",
  argon2id: "argon2$argon2id$v=19$m=102400,t=2,p=8$c3ZVMkIwOWIwRmVVckZNWkZDdDVxYQ$Ou+7utW6bW5BffuWZsKofw",
  bcrypt_sha256: "bcrypt_sha256$$2b$12$62pd1mpkh5FsZktSW.JGB.H86KWdTSZp/k7vlv.eAVNtgaAgF5lWG",
  bcrypt: "bcrypt$$2b$12$GImESyUEqwb.vT.ABOOh2eDaUNyb9R0coh5ZarcW0AsEL3XSb0p4.",
  scrypt:
    "scrypt$16384$Fbh5mJIua2eCbkuhoBQEcH$8$5$uiJV2mmQXavBuxLMBCTgCcTlSkC3FIHLx7UyZKDogL3Sy+1LyNDbescTujuaG3lzOdmUdZklMgk7B+jpwVAyHQ==",
};

/** Made by the same libraries with small parameters, so that many can be computed quickly. */
export const CHEAP = {
  pbkdf2_sha256: "pbkdf2_sha256$1000$salt$BC8lTj147OTZrradb5C5yzNNwVfti+Uk4MwZoxvOxO8=",
  pbkdf2_sha1: "pbkdf2_sha1$1000$salt$iT71nYBw7NacJrWTru/L5qnLTSk=",
  argon2i: "argon2$argon2i$v=19$m=512,t=3,p=2$zPlzZsvaJzD+PXgFKmVy1g$gbSusOVGlGrtsL/qMA34lQ",
  argon2id: "argon2$argon2id$v=19$m=64,t=1,p=1$WvzJDTdKszKseQyYObeNiA$lo0DM1A6j8FLZOhemOML9veF0wgra8792nSqHo120mk",
  "bcrypt 2a": "bcrypt$$2a$04$PI0Sx8sOOCraHnBPhmV.qeD1EMr4/aKh7keVjwrB.OheFS/d19wMC",
  "bcrypt 2b": "bcrypt$$2b$04$UE6cKrcgD7tVm.8VpwrmLOFS.Ueec/XLoiDV5tLV2dxPk9SADBPJi",
  scrypt:
    "scrypt$16$seasalt$8$1$1hpRnr1Z4z4cU8qjaA9oJj51YJLbCqNMBZdo1ItOk/oLmtmUo2SyIy1Wm7X/r09ZMrTiHl5NT5O74etMkKPY0g==",
};

/** Passwords of 80 times `x`: plain bcrypt reads 72 bytes of them, bcrypt_sha256 all. */
export const EIGHTY_CHARACTERS = {
  bcrypt: "bcrypt$$2b$04$wJ3UPKz6aO64haJZi1AKlOMc70nlfDSQtQvYctzyTeU31ehtcNg0W",
  bcrypt_sha256: "bcrypt_sha256$$2b$04$QwxY8/LEwsf.6dGTNAd.qeZ35t6eEecRJIxO/iso9knkWlDnodUiO",
};

/** The empty password. */
export const EMPTY = "pbkdf2_sha256$1000$salt$lPtWrz6iLl0+0bBUCFsTbKMBt12LQGyALEiUefJzh8Y=";

/** The parameters new hashes are made with, by argon2-cffi, and the same with a shorter hash. */
export const CURRENT =
  "argon2$argon2id$v=19$m=19456,t=2,p=1$J6lZXXyAyfgRUGty88IMAg$pvQe0PK7RrfIC6s4cM718dULg9+1aUdikTeMy1zQRQ8";
export const CURRENT_BUT_SHORT = "argon2$argon2id$v=19$m=19456,t=2,p=1$dNRi5apt4W+cDNvEIU+/CA$/4xHfTgSwJ2dJl+YtgB1iw";
