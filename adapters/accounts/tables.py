"""The tables of the accounts. Secrets stand in them hashed or sealed; only the link of a reporting page stands as it
is, since it has to be printed again."""

TABLES = """
CREATE TABLE IF NOT EXISTS people (
    id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memberships (
    person TEXT NOT NULL REFERENCES people, role TEXT NOT NULL, school TEXT NOT NULL,
    PRIMARY KEY (person, role, school)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
    hash TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people, opened_at TEXT NOT NULL, used_at TEXT NOT NULL,
    strong INTEGER NOT NULL, address TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_of_person ON sessions (person);
CREATE TABLE IF NOT EXISTS sign_in_log (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, person TEXT, what TEXT NOT NULL, address TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS installation (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passwords (
    person TEXT PRIMARY KEY REFERENCES people ON DELETE CASCADE, hash TEXT NOT NULL, changed_at TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS totp (
    person TEXT PRIMARY KEY REFERENCES people ON DELETE CASCADE, sealed BLOB NOT NULL, added_at TEXT NOT NULL,
    last_step INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS totp_begun (
    session TEXT PRIMARY KEY REFERENCES sessions ON DELETE CASCADE, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passkeys (
    number INTEGER PRIMARY KEY AUTOINCREMENT, credential BLOB NOT NULL UNIQUE,
    person TEXT NOT NULL REFERENCES people ON DELETE CASCADE, name TEXT NOT NULL, public_key BLOB NOT NULL,
    sign_count INTEGER NOT NULL, added_at TEXT NOT NULL, used_at TEXT);
CREATE INDEX IF NOT EXISTS passkeys_of_person ON passkeys (person);
CREATE TABLE IF NOT EXISTS challenges (
    challenge BLOB PRIMARY KEY, asked_for TEXT NOT NULL, session TEXT REFERENCES sessions ON DELETE CASCADE,
    until TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, person TEXT NOT NULL REFERENCES people, name TEXT NOT NULL,
    scopes TEXT NOT NULL, created_at TEXT NOT NULL, ends_at TEXT NOT NULL, used_at TEXT,
    strong INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tokens_of_person ON tokens (person);
CREATE TABLE IF NOT EXISTS invitations (
    hash TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people, made_by TEXT REFERENCES people,
    made_at TEXT NOT NULL, ends_at TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS invitations_of_person ON invitations (person);
CREATE TABLE IF NOT EXISTS waiting (
    person TEXT NOT NULL REFERENCES people, role TEXT NOT NULL, school TEXT NOT NULL, why TEXT NOT NULL,
    name TEXT NOT NULL, PRIMARY KEY (person, role, school)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS joined (
    person TEXT NOT NULL REFERENCES people, school TEXT NOT NULL, since TEXT NOT NULL,
    PRIMARY KEY (person, school)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS identities (
    issuer TEXT NOT NULL, subject TEXT NOT NULL, person TEXT NOT NULL REFERENCES people, provider TEXT NOT NULL,
    linked_at TEXT NOT NULL, PRIMARY KEY (issuer, subject)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sign_ins_of_person ON sign_in_log (person, number);
CREATE INDEX IF NOT EXISTS memberships_at_school ON memberships (school, role);
CREATE TABLE IF NOT EXISTS report_links (
    school TEXT PRIMARY KEY, link TEXT NOT NULL UNIQUE, made_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS own_reports (
    person TEXT NOT NULL REFERENCES people, ref TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (person, ref)) WITHOUT ROWID;
"""
