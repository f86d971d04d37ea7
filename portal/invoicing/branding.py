"""The company's brand on papers: as it stands today, and the picture that a brand of any day names."""

from portal.invoicing.papers import Brand
from portal.kit import files
from portal.kit.rows import Row

KINDS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
NAME = "logo-{}.{}"  # of the stored file, so that it is found again years later


async def brand_of(company: Row) -> Brand:
    logo = ""
    if company["logo_file"] is not None:
        file = await files.by_id(company["logo_file"])
        logo = NAME.format(file["id"], KINDS[file["media_type"]])
    return Brand(name=company["brand_name"], accent=company["accent"].lower(), logo=logo)


async def assets_of(brand: Brand) -> dict[str, bytes]:
    """What the press needs beside the page, by name."""
    if not brand.logo:
        return {}
    file_id = int(brand.logo.removeprefix("logo-").partition(".")[0])
    return {brand.logo: await files.content(await files.by_id(file_id))}
