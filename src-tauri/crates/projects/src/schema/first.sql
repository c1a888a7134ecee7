-- "Ndpj"; here so that it is set with the tables or not at all.
PRAGMA application_id = 1315205226;

CREATE TABLE projects (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    created_ms INTEGER NOT NULL,
    opened_ms  INTEGER NOT NULL
) STRICT;

CREATE TABLE clips (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project     INTEGER NOT NULL REFERENCES projects (id),
    path        TEXT    NOT NULL,
    bytes       INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    duration_s  REAL    NOT NULL,
    range_in_s  REAL,
    range_out_s REAL,
    brief       TEXT    NOT NULL DEFAULT '',
    words_share REAL,
    weights     TEXT,
    sensitivity REAL,
    filters     TEXT    NOT NULL DEFAULT '{}',
    opened_ms   INTEGER NOT NULL,
    UNIQUE (project, path)
) STRICT;
CREATE INDEX clips_content ON clips (project, bytes, modified_ns);
CREATE INDEX clips_opened ON clips (opened_ms);

CREATE TABLE forgotten (clip INTEGER PRIMARY KEY REFERENCES clips (id)) STRICT;

CREATE TABLE picks (
    clip     INTEGER NOT NULL REFERENCES clips (id),
    track    TEXT    NOT NULL,
    place    INTEGER NOT NULL,
    catalog  TEXT    NOT NULL,
    title    TEXT    NOT NULL,
    artist   TEXT,
    path     TEXT,
    licence  TEXT,
    bpm      REAL,
    camelot  TEXT,
    start_s  REAL    NOT NULL,
    range_in_s  REAL NOT NULL,
    range_out_s REAL NOT NULL,
    score    REAL    NOT NULL,
    note     TEXT    NOT NULL,
    saved_ms INTEGER NOT NULL,
    PRIMARY KEY (clip, track)
) STRICT, WITHOUT ROWID;
CREATE INDEX picks_place ON picks (clip, place);

CREATE TABLE bins (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    project INTEGER NOT NULL REFERENCES projects (id),
    name    TEXT    NOT NULL,
    folder  TEXT
) STRICT;

CREATE TABLE bin_clips (
    bin   INTEGER NOT NULL REFERENCES bins (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    clip  INTEGER NOT NULL REFERENCES clips (id),
    PRIMARY KEY (bin, place)
) STRICT, WITHOUT ROWID;

-- What the user did, oldest first; steps that were undone come after those that stand.
CREATE TABLE steps (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms  INTEGER NOT NULL,
    what   TEXT    NOT NULL,
    clip   INTEGER,
    undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
    change TEXT    NOT NULL
) STRICT;
