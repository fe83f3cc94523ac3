"""Templates of reports and of the supplementary tables of local governments: versions, previews, files."""
