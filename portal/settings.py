"""Typed settings from the environment, refused at start when wrong."""

import sys
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

POSTGRES = ("postgres://", "postgresql://")
STRIPE = ("sk_", "rk_")
SMTP = ("smtp://", "smtps://", "smtp+tls://")


def default_data() -> Path:
    """A system folder for root (PostgreSQL refuses root and needs a folder it may enter), else the user's."""
    import os

    if os.geteuid() == 0:
        return Path("/var/lib/entremise")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "entremise"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", populate_by_name=True)

    database_url: str = Field(default="", alias="DATABASE_URL")
    database_owner_url: str = Field(default="", alias="DATABASE_OWNER_URL")
    data: Path = Field(default_factory=default_data)
    key_ring: Path | None = None
    base_url: AnyHttpUrl = AnyHttpUrl("http://127.0.0.1:8400")
    host: str = "127.0.0.1"
    port: int = Field(default=8400, ge=1, le=65535)
    web_processes: int = Field(default=1, ge=1, le=64)
    smtp_url: str = ""
    mail_from: str = "Entremise <ne-pas-repondre@exemple.fr>"
    files_url: str = ""
    seal_file: Path | None = None
    seal_password: str = ""
    seal_timestamps: str = ""
    metrics_token: str = ""
    company_search_url: str = ""
    vies_url: str = ""
    stripe_key: str = Field(default="", repr=False)
    stripe_webhook_secrets: Annotated[tuple[str, ...], NoDecode] = Field(default=(), repr=False)
    stripe_url: str = ""
    platform_flow_url: str = ""
    platform_directory_url: str = ""
    platform_token_url: str = ""
    platform_client_id: str = ""
    platform_client_secret: str = Field(default="", repr=False)
    platform_organization: str = ""
    platform_number: str = Field(default="", pattern=r"^([0-9A-Za-z]{4})?$")
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    demo: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _is_postgres(cls, value: str) -> str:
        if value and not value.startswith(POSTGRES):
            raise ValueError("must begin with postgresql://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, value: str) -> str:
        if value and not value.startswith(SMTP):
            raise ValueError("must begin with smtp://, smtp+tls:// or smtps://")
        return value

    @field_validator("seal_file")
    @classmethod
    def _is_there(cls, value: Path | None) -> Path | None:
        if value and not value.is_file():
            raise ValueError("no such file")
        return value

    @field_validator("seal_timestamps")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return value

    @field_validator("stripe_key")
    @classmethod
    def _is_secret_key(cls, value: str) -> str:
        if value and not value.startswith(STRIPE):
            raise ValueError("must begin with sk_ or rk_")
        return value

    @field_validator("trusted_proxies", "stripe_webhook_secrets", mode="before")
    @classmethod
    def _by_comma(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("company_search_url", "vies_url", "stripe_url")
    @classmethod
    def _is_web(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https://")
        return value

    @model_validator(mode="after")
    def _both_urls(self) -> "Settings":
        if bool(self.database_url) != bool(self.database_owner_url):
            raise ValueError("DATABASE_URL (runtime) and DATABASE_OWNER_URL (migrations) go together")
        return self

    @property
    def key_ring_path(self) -> Path:
        return self.key_ring or self.data / "keys.json"

    @property
    def origin(self) -> str:
        return str(self.base_url).rstrip("/")

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.scheme == "https"


@cache
def settings() -> Settings:
    """Ends the process with exit 2 and the name of what is wrong."""
    try:
        return Settings()
    except ValidationError as wrong:
        sys.exit(_refusal(wrong))


def _refusal(wrong: ValidationError) -> int:
    for error in wrong.errors(include_input=False, include_url=False):
        print(f"{_name(error['loc'])}: {error['msg'].removeprefix('Value error, ')}", file=sys.stderr)
    return 2


def _name(location: tuple[int | str, ...]) -> str:
    field = str(location[0]) if location else "DATABASE_URL"
    return field if field.isupper() else f"PORTAL_{field.upper()}"
