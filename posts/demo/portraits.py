"""Profile pictures of a demo school: drawn people in two or three colours, like prints of a linoleum cut."""

import io
import secrets
from random import Random

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

SIZE = 512  # drawn larger than stored, for smooth edges
# Background, face, hair and clothes.
PALETTES = [
    ("#f2c14e", "#fff3d6", "#5b2a3c", "#d1495b"),
    ("#7fb7be", "#c98a5b", "#2b1d2e", "#f2cc8f"),
    ("#c9ada7", "#fbf1ea", "#4a3f55", "#6d8a96"),
    ("#81b29a", "#9c5f3f", "#231815", "#f2cc8f"),
    ("#e8a598", "#fff1e6", "#6b2737", "#3a7d7c"),
    ("#a3b4d9", "#d9a06b", "#2f2440", "#d9594c"),
    ("#d4c56a", "#7d4a32", "#1c1412", "#5fa8a0"),
    ("#b8a1d9", "#f8e6dc", "#43285c", "#5fa8a0"),
    ("#f0906f", "#b97750", "#3a1f1b", "#31708e"),
    ("#8cc3a0", "#f6dfc4", "#7a3b1d", "#d9824b"),
    ("#f4d9b0", "#8a5235", "#241a2b", "#6a4c93"),
    ("#9fc9d6", "#f9e3d2", "#b0672a", "#31708e"),
]
FACE = (158, 130, 354, 386)


def draw_portrait(rng: Random) -> ContentFile:
    """Return a random portrait as a WebP file with a random name, like an uploaded profile picture."""
    background, face, hair, clothes = rng.choice(PALETTES)
    picture = Image.new("RGB", (SIZE, SIZE), background)
    draw = ImageDraw.Draw(picture)
    behind, front = rng.choice(HAIR)
    behind(draw, hair)
    draw.ellipse((66, 400, 446, 700), fill=clothes)
    draw.rounded_rectangle((216, 330, 296, 440), 38, fill=face)
    rng.choice(CLOTHES)(draw, face, hair)
    draw.ellipse((140, 232, 184, 292), fill=face)
    draw.ellipse((328, 232, 372, 292), fill=face)
    draw.ellipse(FACE, fill=face)
    rng.choice(EYES)(draw, hair)
    draw.arc((240, 250, 272, 300), 20, 160, fill=hair, width=6)
    rng.choice(MOUTHS)(draw, hair, clothes)
    front(draw, hair)
    if rng.random() < 0.3:
        _draw_glasses(draw, hair)
    output = io.BytesIO()
    size = (settings.AVATAR_SIZE,) * 2
    picture.resize(size, Image.Resampling.BOX).save(output, "WEBP", quality=70, method=2)
    return ContentFile(output.getvalue(), name=f"{secrets.token_hex(16)}.webp")


def _nothing(draw, hair):
    pass


def _long_behind(draw, hair):
    draw.rounded_rectangle((116, 110, 396, 470), 130, fill=hair)


def _bob_behind(draw, hair):
    draw.rounded_rectangle((112, 100, 400, 360), 120, fill=hair)


def _bun_behind(draw, hair):
    draw.ellipse((190, 20, 322, 140), fill=hair)


def _bunches_behind(draw, hair):
    draw.ellipse((60, 190, 180, 350), fill=hair)
    draw.ellipse((332, 190, 452, 350), fill=hair)


def _curls_behind(draw, hair):
    for x, y in ((110, 210), (100, 150), (140, 90), (200, 55), (262, 50), (320, 75), (360, 130), (365, 200)):
        draw.ellipse((x - 25, y - 10, x + 75, y + 90), fill=hair)


def _fringe(draw, hair):
    draw.chord((140, 100, 372, 360), 180, 360, fill=hair)


def _parting(draw, hair):
    draw.chord((146, 96, 366, 340), 170, 300, fill=hair)
    draw.chord((180, 100, 372, 330), 230, 15, fill=hair)


def _short(draw, hair):
    draw.chord((144, 96, 368, 330), 184, 322, fill=hair)
    draw.chord((230, 104, 368, 310), 250, 370, fill=hair)


def _quiff(draw, hair):
    draw.chord((142, 104, 370, 350), 196, 344, fill=hair)
    draw.ellipse((190, 62, 350, 168), fill=hair)


def _spikes(draw, hair):
    draw.polygon(
        [(144, 220), (136, 120), (178, 142), (186, 76), (236, 118), (262, 56), (296, 116), (340, 78), (344, 142),
         (382, 130), (368, 220), (330, 176), (256, 164), (184, 178)],
        fill=hair,
    )  # fmt: skip


HAIR = [
    (_nothing, _fringe), (_nothing, _short), (_nothing, _quiff), (_nothing, _spikes), (_nothing, _parting),
    (_long_behind, _fringe), (_long_behind, _parting), (_bob_behind, _fringe), (_bob_behind, _parting),
    (_bun_behind, _short), (_bunches_behind, _parting), (_curls_behind, _short), (_curls_behind, _fringe),
]  # fmt: skip


def _collar(draw, face, hair):
    draw.polygon([(216, 410), (296, 410), (256, 470)], fill=face)


def _stripes(draw, face, hair):
    for y in (450, 486):
        draw.rectangle((96, y, 416, y + 14), fill=face)


def _hood(draw, face, hair):
    draw.arc((186, 370, 326, 450), 0, 180, fill=hair, width=14)
    for x in (232, 276):
        draw.line((x, 444, x, 500), fill=face, width=7)


CLOTHES = [_collar, _stripes, _hood, lambda draw, face, hair: None]


def _round_eyes(draw, hair):
    for x in (214, 298):
        draw.ellipse((x - 11, 244, x + 11, 266), fill=hair)
        draw.arc((x - 24, 214, x + 24, 246), 200, 340, fill=hair, width=7)


def _smiling_eyes(draw, hair):
    for x in (214, 298):
        draw.arc((x - 18, 244, x + 18, 280), 190, 350, fill=hair, width=8)


EYES = [_round_eyes, _round_eyes, _smiling_eyes]


def _smile(draw, hair, clothes):
    draw.arc((216, 280, 296, 344), 20, 160, fill=hair, width=8)


def _laugh(draw, hair, clothes):
    draw.chord((214, 284, 298, 356), 0, 180, fill=clothes, outline=hair, width=6)


MOUTHS = [_smile, _smile, _laugh]


def _draw_glasses(draw, hair):
    for x in (214, 298):
        draw.ellipse((x - 36, 220, x + 36, 290), outline=hair, width=7)
    draw.line((246, 250, 266, 250), fill=hair, width=7)
