#version 330
#include body.glsl
layout(location = 0) out vec4 soft;
layout(location = 1) out vec4 hard;
layout(location = 2) out vec4 skin;
layout(location = 3) out vec2 who;
layout(location = 4) out vec4 way;
void main() {
    Surface s = surface_here(glow);
    soft = vec4(s.color * soft_light(place, s.n) + mirrored(place, s.n, s.gloss) + s.shining, 1.0);
    hard = vec4(s.color * key_light(place, s.n) * street_lets(s.n), 1.0);
    skin = vec4(s.color, s.gloss);
    who = vec2(instance, distance(place, eye));
    way = vec4(s.n * 0.5 + 0.5, 1.0);
}
