#version 330
#include lighting.glsl
in vec2 at;
uniform mat4 inverse_view_projection;
layout(location = 0) out vec4 soft;
layout(location = 1) out vec4 hard;
layout(location = 2) out vec4 skin;
layout(location = 3) out vec2 who;
layout(location = 4) out vec4 way;
void main() {
    vec4 far = inverse_view_projection * vec4(at * 2.0 - 1.0, 1.0, 1.0);
    soft = vec4(sky_seen(normalize(far.xyz / far.w - eye)), 1.0);
    hard = skin = way = vec4(0.0);
    who = vec2(0.0, 1e4);
}
