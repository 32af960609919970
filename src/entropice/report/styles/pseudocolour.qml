<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|Temporal">
{% include "_raster_time.qml" %}
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="{{ style.low }}" classificationMax="{{ style.high }}">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="2" clip="0" minimumValue="{{ style.low }}" maximumValue="{{ style.high }}" labelPrecision="4">
{% for stop in stops %}
          <item alpha="255" value="{{ stop.value }}" color="{{ stop.colour }}" label="{{ "%g"|format(stop.value) }}"/>
{% endfor %}
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
  </pipe>
</qgis>
