"""Rule packs that come with the package, one TOML file each."""
