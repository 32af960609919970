<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|MapTips">
  <renderer-v2 type="graduatedSymbol" attr="{{ attribute }}" graduatedMethod="GraduatedColor" symbollevels="0" enableorderby="0" forceraster="0">
    <ranges>
{% for entry in entries %}
      <range lower="{{ entry.lower }}" upper="{{ entry.upper }}" symbol="{{ loop.index0 }}" label="{{ entry.label }}" render="true"/>
{% endfor %}
    </ranges>
{% include "_symbols.qml" %}
    <classificationMethod id="Custom"/>
  </renderer-v2>
  <mapTip enabled="1">{{ map_tip }}</mapTip>
  <layerGeometryType>2</layerGeometryType>
</qgis>
