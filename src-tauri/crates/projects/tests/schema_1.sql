-- A projects file of schema 1, as `.dump` writes it: two clips, of which one has a range, two picks,
-- a bin and seven steps. The tests bring it up to date.
PRAGMA application_id = 1315205226;
PRAGMA user_version = 1;
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE bin_clips (
    bin   INTEGER NOT NULL REFERENCES bins (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    clip  INTEGER NOT NULL REFERENCES clips (id),
    PRIMARY KEY (bin, place)
) STRICT, WITHOUT ROWID;
INSERT INTO "bin_clips" VALUES(1,0,2);
INSERT INTO "bin_clips" VALUES(1,1,1);
CREATE TABLE bins (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    project INTEGER NOT NULL REFERENCES projects (id),
    name    TEXT    NOT NULL,
    folder  TEXT
) STRICT;
INSERT INTO "bins" VALUES(1,1,'rushes','/edit');
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
INSERT INTO "clips" VALUES(1,1,'/edit/opening.mov',900,9000,61.5,10.01,6.99865833333333284835e+01,'slow strings',NULL,'[0.6,0.25,0.1,0.3333333333333333]',NULL,'{}',2000);
INSERT INTO "clips" VALUES(2,1,'/edit/night drive.mxf',700,7000,240.0,NULL,NULL,'',NULL,NULL,NULL,'{}',2001);
CREATE TABLE forgotten (clip INTEGER PRIMARY KEY REFERENCES clips (id)) STRICT;
INSERT INTO "forgotten" VALUES(2);
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
INSERT INTO "picks" VALUES(1,'3f',0,'mine','Tidewater Suite','An ‘Artist’','/music/3f.flac','CC-BY 4.0',96.125,'8A',3.33333333333333357026e+01,10.01,6.99865833333333284835e+01,0.75,'for the storm',3000);
INSERT INTO "picks" VALUES(2,'41',0,'mine','Harbour','An ‘Artist’','/music/41.flac','CC-BY 4.0',96.125,'8A',12.0,30.0,90.0,0.5,'',3003);
CREATE TABLE projects (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    created_ms INTEGER NOT NULL,
    opened_ms  INTEGER NOT NULL
) STRICT;
INSERT INTO "projects" VALUES(1,'My project',1000,1000);
CREATE TABLE steps (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms  INTEGER NOT NULL,
    what   TEXT    NOT NULL,
    clip   INTEGER,
    undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
    change TEXT    NOT NULL
) STRICT;
INSERT INTO "steps" VALUES(1,3000,'saved ‘Tidewater Suite’ to the picks',1,0,'{"Pick":{"clip":1,"before":null,"after":{"place":0,"pick":{"track":"3f","catalog":"mine","title":"Tidewater Suite","artist":"An ‘Artist’","path":"/music/3f.flac","licence":"CC-BY 4.0","bpm":96.125,"camelot":"8A","start_s":33.333333333333336,"range_s":[10.01,69.98658333333333],"score":0.75,"note":"","saved_ms":3000}}}}');
INSERT INTO "steps" VALUES(2,3001,'saved ‘Night Train’ to the picks',1,0,'{"Pick":{"clip":1,"before":null,"after":{"place":1,"pick":{"track":"40","catalog":"mine","title":"Night Train","artist":"An ‘Artist’","path":"/music/40.flac","licence":"CC-BY 4.0","bpm":96.125,"camelot":"8A","start_s":0.1,"range_s":[0.0,61.5],"score":0.3333333333333333,"note":"","saved_ms":3001}}}}');
INSERT INTO "steps" VALUES(3,3002,'changed the note of ‘Tidewater Suite’',1,0,'{"Pick":{"clip":1,"before":{"place":0,"pick":{"track":"3f","catalog":"mine","title":"Tidewater Suite","artist":"An ‘Artist’","path":"/music/3f.flac","licence":"CC-BY 4.0","bpm":96.125,"camelot":"8A","start_s":33.333333333333336,"range_s":[10.01,69.98658333333333],"score":0.75,"note":"","saved_ms":3000}},"after":{"place":0,"pick":{"track":"3f","catalog":"mine","title":"Tidewater Suite","artist":"An ‘Artist’","path":"/music/3f.flac","licence":"CC-BY 4.0","bpm":96.125,"camelot":"8A","start_s":33.333333333333336,"range_s":[10.01,69.98658333333333],"score":0.75,"note":"for the storm","saved_ms":3000}}}}');
INSERT INTO "steps" VALUES(4,3003,'saved ‘Harbour’ to the picks',2,0,'{"Pick":{"clip":2,"before":null,"after":{"place":0,"pick":{"track":"41","catalog":"mine","title":"Harbour","artist":"An ‘Artist’","path":"/music/41.flac","licence":"CC-BY 4.0","bpm":96.125,"camelot":"8A","start_s":12.0,"range_s":[30.0,90.0],"score":0.5,"note":"","saved_ms":3003}}}}');
INSERT INTO "steps" VALUES(5,3004,'made the bin ‘rushes’',NULL,0,'{"Bin":{"bin":1,"before":null,"after":{"project":1,"name":"rushes","folder":"/edit","clips":[2,1]}}}');
INSERT INTO "steps" VALUES(6,3005,'removed ‘Night Train’ from the picks',1,0,'{"Pick":{"clip":1,"before":{"place":1,"pick":{"track":"40","catalog":"mine","title":"Night Train","artist":"An ‘Artist’","path":"/music/40.flac","licence":"CC-BY 4.0","bpm":96.125,"camelot":"8A","start_s":0.1,"range_s":[0.0,61.5],"score":0.3333333333333333,"note":"","saved_ms":3001}},"after":null}}');
INSERT INTO "steps" VALUES(7,3006,'took ‘night drive.mxf’ off the recent clips',2,0,'{"Forgotten":{"clip":2,"before":false,"after":true}}');
CREATE INDEX clips_content ON clips (project, bytes, modified_ns);
CREATE INDEX clips_opened ON clips (opened_ms);
CREATE INDEX picks_place ON picks (clip, place);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('projects',1);
INSERT INTO "sqlite_sequence" VALUES('clips',2);
INSERT INTO "sqlite_sequence" VALUES('steps',7);
INSERT INTO "sqlite_sequence" VALUES('bins',1);
COMMIT;
