"""A drawing as a picture of dots, for files that cannot hold it as lines."""

import typst

from adapters.faults import Fault

DOTS_PER_INCH = 220
"""Sharp on paper, and a clock is no larger than some tens of kilobytes."""

PAGE = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1cm)
"""


class PictureNotDrawn(Fault):
    """A picture could not be drawn as it must be."""


def png_of(svg: str, width_cm: float) -> bytes:
    """The drawing as a PNG of that width in cm, on white, in the typefaces that typst carries and no others."""
    inputs = {"svg": svg, "width": repr(float(width_cm))}
    try:
        png = typst.compile(PAGE, format="png", ppi=DOTS_PER_INCH, ignore_system_fonts=True, sys_inputs=inputs)
    except typst.TypstError:
        # What typst says may repeat what is in the drawing, and a message of ours never does.
        raise PictureNotDrawn from None
    assert isinstance(png, bytes)
    return png
