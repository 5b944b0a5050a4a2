// One key light with shadows, the sky as a half-sphere, up to eight lamps without.
uniform vec3 eye;
uniform vec4 key;            // toward the sun and 0, or the lamp's position and 1
uniform vec3 key_rgb;
uniform vec3 key_toward;
uniform float key_cone;      // cosine of half its cone
uniform mat4 key_projection, body_projection;
uniform vec3 sky_rgb, ground_rgb, horizon_rgb, zenith_rgb;
uniform int lamp_count;
uniform vec3 lamp_position[8], lamp_toward[8], lamp_rgb[8];
uniform float lamp_cone[8];
uniform int beam_count;      // headlights, which move with the bodies
uniform vec3 beam_position[4], beam_toward[4], beam_rgb[4];
uniform float beam_cone[4];
uniform float fog, wet, glow;
uniform bool infrared;
const float REFLECTS[22] = float[](0.45, 0.62, 0.55, 0.22, 0.4, 0.4, 0.55, 0.45, 0.7, 0.75, 0.4, 0.45,
    0.12, 0.1, 0.4, 0.5, 0.5, 0.4, 0.35, 0.05, 0.45, 0.6);
vec3 sky_seen(vec3 toward) {
    return mix(horizon_rgb, zenith_rgb, pow(clamp(toward.z, 0.0, 1.0), 0.55));
}
// A lamp's light on a surface. A little of it goes past a wide cone, as off a lantern's glass, and a
// little past the edge of the surface's half-sphere, as what the street around throws back. A
// narrow cone is a headlight: strongest in its middle, which lands far ahead.
float share_toward(float inside, float cone) {
    if (cone > 0.8) return 0.004 + pow(max((inside - cone) / (1.0 - cone), 0.0), 3.0);
    return cone < -0.99 ? 1.0 : 0.03 + 0.97 * smoothstep(cone - 0.1, mix(cone, 1.0, 0.6), inside);
}
vec3 cone_light(vec3 place, vec3 n, vec3 from, vec3 toward, vec3 rgb, float cone) {
    vec3 way = from - place;
    float far2 = max(dot(way, way), 0.2);
    vec3 w = way * inversesqrt(far2);
    return rgb * share_toward(dot(-w, toward), cone) * max(0.92 * dot(n, w) + 0.08, 0.0) / far2;
}
float lit(sampler2DShadow map, mat4 projection, vec3 place, float bias_m) {
    vec4 p = projection * vec4(place, 1.0);
    vec3 q = p.xyz / p.w * 0.5 + 0.5;
    if (q.x <= 0.0 || q.x >= 1.0 || q.y <= 0.0 || q.y >= 1.0 || q.z >= 1.0 || p.w <= 0.0) return 1.0;
    float bias = key.w < 0.5 ? bias_m / 300.0 : bias_m * 0.2 / (p.w * p.w);
    vec2 texel = 1.1 / vec2(textureSize(map, 0));
    float sum = 0.0;
    for (int x = -1; x <= 1; ++x)
        for (int y = -1; y <= 1; ++y) sum += texture(map, vec3(q.xy + texel * vec2(x, y), q.z - bias));
    return sum / 9.0;
}
// What the key light alone adds where nothing shades it.
vec3 key_light(vec3 place, vec3 n) {
    if (key.w < 0.5) return key_rgb * max(dot(n, key.xyz), 0.0);
    return cone_light(place, n, key.xyz, key_toward, key_rgb, key_cone);
}
vec3 soft_light(vec3 place, vec3 n) {
    vec3 sum = mix(ground_rgb, sky_rgb, 0.5 + 0.5 * n.z);
    for (int k = 0; k < lamp_count; ++k)
        sum += cone_light(place, n, lamp_position[k], lamp_toward[k], lamp_rgb[k], lamp_cone[k]);
    return sum;
}
vec3 beam_light(vec3 place, vec3 n) {
    vec3 sum = vec3(0.0);
    for (int k = 0; k < beam_count; ++k)
        sum += cone_light(place, n, beam_position[k], beam_toward[k], beam_rgb[k], beam_cone[k]);
    return sum;
}
// The streak that a lamp draws on a glossy surface.
vec3 glint(vec3 place, vec3 mirror, vec3 from, vec3 toward, vec3 rgb, float cone, float gloss) {
    vec3 way = from - place;
    float far2 = max(dot(way, way), 1.0), sharp = gloss > 0.75 ? 900.0 : 250.0;
    vec3 w = way * inversesqrt(far2);
    float streak = 0.04 * sharp * pow(max(dot(mirror, w), 0.0), sharp);
    return gloss * streak * share_toward(dot(-w, toward), cone) / far2 * rgb;
}
float glancing(vec3 look, vec3 n) { return pow(1.0 - clamp(dot(-look, n), 0.0, 1.0), 5.0); }
vec3 mirrored(vec3 place, vec3 n, float gloss) {
    vec3 look = normalize(place - eye);
    vec3 way = reflect(look, n);
    // Near the horizon a street mirrors its houses more than the sky.
    float straight = gloss > 0.75 ? 0.25 : 0.09, open_ = mix(0.45, 1.0, smoothstep(0.05, 0.5, way.z));
    vec3 sum = gloss * (straight + glancing(look, n)) * open_ * sky_seen(way);
    if (gloss < 0.1) return sum;
    if (key.w < 0.5) sum += gloss * pow(max(dot(way, key.xyz), 0.0), 60.0) * key_rgb * 2.0;
    else sum += glint(place, way, key.xyz, key_toward, key_rgb, key_cone, gloss);
    for (int k = 0; k < lamp_count; ++k) 
        sum += glint(place, way, lamp_position[k], lamp_toward[k], lamp_rgb[k], lamp_cone[k], gloss);
    return sum;
}
vec3 in_fog(vec3 light, float far_m) {
    return fog > 0.0 ? mix(horizon_rgb * 0.9, light, exp(-fog * far_m)) : light;
}
