"""The dashboard's files, built into the package."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

router = APIRouter(include_in_schema=False)

STATIC: Final = Path(__file__).parent / "static"


@router.get("/{path:path}")
def show_page(path: str) -> Response:
    """A built file, or the page itself for every address that the page may give itself."""
    if path.startswith("api/"):
        raise HTTPException(404)
    index = STATIC / "index.html"
    if not index.is_file():
        return PlainTextResponse("dashboard not built: run make\n", 503)
    place = (STATIC / path).resolve()
    if path and place.is_relative_to(STATIC) and place.is_file():
        hashed = path.startswith("assets/")
        keep = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return FileResponse(place, headers={"Cache-Control": keep})
    if "." in path.rpartition("/")[2]:
        raise HTTPException(404)
    return FileResponse(index, headers={"Cache-Control": "no-cache"})
