#include grain.glsl
#include lighting.glsl
in vec3 place;
in vec3 facing;
in vec3 own;
in vec3 paint;
flat in int material;
uniform float instance;
uniform sampler2DShadow street_shadow;
struct Surface { vec3 n, color, shining; float gloss; };
Surface surface_here(float glow_here) {
    Surface s;
    s.n = normalize(facing);
    if (dot(s.n, eye - place) < 0.0) s.n = -s.n;
    s.color = surface(material, paint, own, s.n, s.gloss);
    s.shining = vec3(0.0);
    if (material == GLOWING) {
        s.shining = paint * glow_here;
        s.color = paint * 0.12;
        s.gloss = 0.6;
    }
    if (infrared) {
        float dyed = material == CLOTH || material == PAINT ? 0.3 : 0.5;  // dyes differ there too
        s.color = vec3(mix(dot(s.color, vec3(0.3, 0.5, 0.2)), REFLECTS[material], dyed));
        s.shining = vec3(dot(s.shining, vec3(0.4)));
    }
    bool ground = material == ASPHALT || material == CONCRETE || material == TILE || material == SOIL;
    if (wet > 0.0 && ground && s.n.z > 0.7) {
        float puddle = smoothstep(0.55, 0.66, cloud(vec3(place.xy * 0.55, 12.0)));
        s.color *= 1.0 - 0.45 * wet;
        s.gloss = max(s.gloss, wet * (0.12 + 0.3 * puddle));
    }
    return s;
}
// How much of the key light the standing street lets through.
float street_lets(vec3 n) {
    if (key_rgb == vec3(0.0)) return 0.0;
    return lit(street_shadow, key_projection, place + 0.04 * n, 0.05);
}
