<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|Temporal">
{% include "_raster_time.qml" %}
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <rasterTransparency/>
      <colorPalette>
{% for category in categories %}
        <paletteEntry value="{{ category.value }}" color="{{ category.colour }}" alpha="255" label="{{ category.title }}"/>
{% endfor %}
      </colorPalette>
    </rasterrenderer>
  </pipe>
</qgis>
