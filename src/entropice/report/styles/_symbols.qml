    <symbols>
{% for colour in symbols %}
      <symbol type="fill" name="{{ loop.index0 }}" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="{{ colour }},255"/>
            <Option type="QString" name="style" value="{{ "no" if outline_width_mm else "solid" }}"/>
            <Option type="QString" name="outline_style" value="{{ "solid" if outline_width_mm else "no" }}"/>
            <Option type="QString" name="outline_color" value="{{ colour }},255"/>
            <Option type="QString" name="outline_width" value="{{ outline_width_mm or 0 }}"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
          </Option>
        </layer>
      </symbol>
{% endfor %}
    </symbols>
