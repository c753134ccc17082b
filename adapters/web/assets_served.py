"""Serves the assets: our own, and the third-party ones that `make install` brings."""

from starlette.staticfiles import StaticFiles

from adapters.web.pages import ASSET_FOLDERS


class AssetFolders(StaticFiles):
    """Two folders as one."""

    def __init__(self) -> None:
        super().__init__(directory=ASSET_FOLDERS[0], check_dir=False)
        self.all_directories = [*ASSET_FOLDERS]
