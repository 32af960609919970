<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|Temporal">
  <temporal enabled="1" mode="0" fetchMode="0" bandNumber="1">
    <fixedRange>
      <start>2024-03-01T00:00:00Z</start>
      <end>2024-03-01T23:59:59Z</end>
    </fixedRange>
  </temporal>
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="0.0" classificationMax="1.0">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="2" clip="0" minimumValue="0.0" maximumValue="1.0" labelPrecision="4">
          <item alpha="255" value="0.0" color="#08306b" label="0"/>
          <item alpha="255" value="0.1" color="#084a91" label="0.1"/>
          <item alpha="255" value="0.2" color="#1764ab" label="0.2"/>
          <item alpha="255" value="0.3" color="#2e7ebc" label="0.3"/>
          <item alpha="255" value="0.4" color="#4a98c9" label="0.4"/>
          <item alpha="255" value="0.5" color="#6caed6" label="0.5"/>
          <item alpha="255" value="0.6" color="#94c4df" label="0.6"/>
          <item alpha="255" value="0.7" color="#b7d4ea" label="0.7"/>
          <item alpha="255" value="0.8" color="#d0e1f2" label="0.8"/>
          <item alpha="255" value="0.9" color="#e3eef9" label="0.9"/>
          <item alpha="255" value="1.0" color="#f7fbff" label="1"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
  </pipe>
</qgis>
