"""ERA5: monthly means, hours, or fields without a climatic meaning."""

from entropice.pipelines.sources.declaration import Download, FeatureSource, VirtualFile
from entropice.pipelines.sources.era5 import wiring, work
from entropice.pipelines.sources.era5.download import plan_climate
from entropice.pipelines.sources.era5.download_parameters import ClimateDownloadParameters
from entropice.pipelines.sources.era5.licence import LICENCE
from entropice.pipelines.sources.era5.nodes import feature_names
from entropice.pipelines.sources.era5.parameters import ClimateParameters
from entropice.pipelines.sources.era5.virtual import write_climate

_DOWNLOAD = Download("climate", ClimateDownloadParameters, plan_climate, is_regional=True)

ERA5_MONTHLY = FeatureSource(
    "era5_monthly",
    licence=LICENCE,
    download=_DOWNLOAD,
    virtual_files=(VirtualFile(write_climate, ("world",), ("climate_file",)),),
    group="climate",
    dataset="climate_features",
    files="climate_file",
    parameters=ClimateParameters,
    nodes=wiring.monthly,
    feature_names=feature_names,
    work=work.monthly_work,
    # 43 years of months, four variables, a quarter by half a degree, deflated: 26 million, indices and cells included
    values_per_s=2.5e7,
)

ERA5_HOURLY = FeatureSource(
    "era5_hourly",
    licence=LICENCE,
    download=_DOWNLOAD,
    group="climate",
    dataset="climate_features",
    files="climate_file",
    parameters=ClimateParameters,
    nodes=wiring.hourly,
    feature_names=feature_names,
    plan="climate_years",
    work=work.hourly_work,
    # one Arctic year of hours, four variables, deflated: 46 million, until the indices of the year
    values_per_s=4.5e7,
)

ERA5_FIELDS = FeatureSource(
    "era5_fields",
    licence=LICENCE,
    group="climate",
    dataset="climate_features",
    files="climate_file",
    nodes=wiring.fields,
    work=work.fields_work,
    # as months
    values_per_s=2.5e7,
)
