#version 330
#include body.glsl
uniform sampler2D street_depth;
uniform sampler2DShadow body_shadow;
layout(location = 0) out vec4 soft;
layout(location = 1) out vec2 who;
void main() {
    if (gl_FragCoord.z > texelFetch(street_depth, ivec2(gl_FragCoord.xy), 0).r) discard;
    // What shines on a body is a lamp made to be seen, far brighter than a lit window.
    Surface s = surface_here(max(12.0 * glow, 1.2));
    float far_m = distance(place, eye);
    float bright = street_lets(s.n);
    if (bright > 0.0) bright *= lit(body_shadow, body_projection, place + 0.02 * s.n, 0.03);
    float open_ = mix(1.0, smoothstep(-0.1, 0.7, own.z), 0.3 * (1.0 - 0.5 * s.n.z));
    vec3 sum = s.color * (open_ * soft_light(place, s.n) + beam_light(place, s.n) + bright * key_light(place, s.n));
    soft = vec4(in_fog(sum + mirrored(place, s.n, s.gloss) + s.shining, far_m), 1.0);
    who = vec2(instance, far_m);
}
