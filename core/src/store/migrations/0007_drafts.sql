-- What is being written and not stored yet. It stays on this device.
CREATE TABLE draft (
    seq  INTEGER PRIMARY KEY,
    form TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL
);
