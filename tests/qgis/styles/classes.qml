<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|Temporal">
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <rasterTransparency/>
      <colorPalette>
        <paletteEntry value="0" color="#0b3c6f" alpha="255" label="open water"/>
        <paletteEntry value="1" color="#5aa9c9" alpha="255" label="thin ice"/>
        <paletteEntry value="2" color="#f2f6f8" alpha="255" label="thick ice"/>
        <paletteEntry value="3" color="#8c8c8c" alpha="255" label="none of these"/>
      </colorPalette>
    </rasterrenderer>
  </pipe>
</qgis>
