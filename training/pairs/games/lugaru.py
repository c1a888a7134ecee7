"""Lugaru: grass, snow and desert have each their sky, their ground and their music."""

from pair import Pair
from pictures import band, flatten, gradient, load

PACKAGES = ["lugaru-data"]
LICENCE = "CC-BY-SA-3.0"
# The game picks both by the environment of a map (Game::Loadlevel, Sounds).
LANDS = {"Grass": ("grass", "grass.jpg"), "Snow": ("snow", "snow.jpg"), "Desert": ("sand", "sand.jpg")}


def pairs(roots):
    data = roots["lugaru-data"] / "usr/share/games/lugaru"
    textures = {path.name.lower(): path for path in (data / "Textures").iterdir()}
    for land, (sky, ground) in LANDS.items():
        music = data / "Sounds" / f"Music1{land}.ogg"
        faces = [data / "Textures" / f"Skybox({sky})" / f"{face}.jpg" for face in ("Front", "Left", "Back", "Right")]
        soil = textures.get(ground) or textures.get(f"{land.lower()}.jpg")
        if not music.is_file() or not all(face.is_file() for face in faces):
            continue
        yield Pair(
            key=land,
            title=land,
            pictures=[compose(face, soil) for face in faces[:3]],
            music=music,
            licence=LICENCE,
            attribution="Lugaru, Wolfire Games",
        )


def compose(face, soil):
    canvas = gradient((0, 0, 0), (0, 0, 0))
    sky = load(face)
    band(canvas, sky.resize((canvas.width, canvas.width)), 0.0, canvas.width / canvas.height)
    if soil is not None:
        band(canvas, load(soil), 0.72, 0.28)
    return flatten(canvas)
