"""A small land on which much happens in seven maps."""

from entropice.virtual_modification.specification import ModificationSpecification

SMALL_LAND = ModificationSpecification.model_validate(
    {
        "n_rows": 40,
        "n_columns": 56,
        "pixel_m": 300.0,
        "left_m": -2_000_000.0,
        "top_m": 1_000_000.0,
        "first_year": 1990,
        "step_years": 5,
        "n_steps": 7,
        "n_steps_before": 2,
        "missing_share": 0.03,
        "missing_scale_m": 900.0,
        "terrain": {
            "relief_m": 200.0,
            "relief_scale_m": 6000.0,
            "water_share": 0.15,
            "slowing_height_m": 300.0,
        },
        "roads": {"advance_m": 3000.0, "worked_on": 0.7, "fork": 0.1, "level": 0.15, "avoided_step_m": 8.0},
        "growth": {
            "capacity": 0.9,
            "within": 1.0,
            "from_neighbours": 0.3,
            "neighbour_m": 450.0,
            "from_roads": 0.06,
            "road_m": 300.0,
            "economy_spread": 0.3,
            "economy_scale_m": 6000.0,
            "economy_memory": 0.7,
        },
        "settlements": {
            "first_per_1000_km2": 10.0,
            "new_per_1000_km2": 2.0,
            "level": 0.3,
            "radius_m": 450.0,
            "n_roads": 2,
        },
    }
)
