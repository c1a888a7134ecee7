"""Extreme Tux Racer: a race names course, daylight and music theme."""

import re

from pair import Pair
from pictures import flatten, load

PACKAGES = ["extremetuxracer-data"]
LICENCE = "GPL-2+"


def pairs(roots):
    data = roots["extremetuxracer-data"] / "usr/share/games/etr"
    songs = {row["name"]: row["file"] for row in rows(data / "music/music.lst")}
    themes = {row["name"]: row for row in rows(data / "music/racing_themes.lst")}
    for race in rows(data / "courses/events.lst"):
        if "race" not in race or "course" not in race:
            continue
        course = data / "courses" / race.get("group", "default") / race["course"]
        theme = themes.get(race.get("theme", "normal"), {})
        music = data / "music" / songs.get(theme.get("race", ""), "-")
        sky = data / "env/etr" / race.get("light", "sunny") / "frontH.png"
        pictures = [flatten(load(path)) for path in (sky, course / "preview.png") if path.is_file()]
        if not pictures or not music.is_file():
            continue
        yield Pair(
            key=race["race"],
            title=f"{race['course']} by {race.get('light', 'sunny')} light",
            pictures=pictures,
            music=music,
            licence=LICENCE,
            attribution="Extreme Tux Racer team; music by Grady O'Connell, Kristian Picon, Karl Schroeder and Joseph Toscano",
        )


def rows(path):
    """Records of `*[key] value [key] value`, which may run over several lines."""
    text = re.sub(r"^\s*#.*$", "", path.read_text(errors="replace"), flags=re.M)
    for record in text.split("*")[1:]:
        yield {key: value.strip() for key, value in re.findall(r"\[(\w+)\]\s*([^\[]*)", record)}
