<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|MapTips">
  <renderer-v2 type="categorizedSymbol" attr="{{ column }}" symbollevels="0" enableorderby="0" forceraster="0">
    <categories>
{% for entry, colour in entries %}
{% if entry['values']|length == 1 %}
      <category type="string" value="{{ entry['values'][0] }}" symbol="{{ loop.index0 }}" label="{{ entry.label }}" render="true"/>
{% else %}
      <category symbol="{{ loop.index0 }}" label="{{ entry.label }}" render="true">
{% for value in entry['values'] %}
        <val type="string" value="{{ value }}"/>
{% endfor %}
      </category>
{% endif %}
{% endfor %}
    </categories>
{% include "_symbols.qml" %}
  </renderer-v2>
  <mapTip enabled="1">{{ map_tip }}</mapTip>
  <layerGeometryType>2</layerGeometryType>
</qgis>
