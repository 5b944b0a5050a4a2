#version 330
// One pixel of the picture: the street as it stands, dimmed where a body takes its light, and the
// bodies over it, both from two by two samples.
#include lighting.glsl
uniform sampler2D street_soft, street_hard, street_skin, street_who, street_way, street_depth;
uniform sampler2D body_soft, body_who, body_top;
uniform sampler2DShadow body_shadow;
uniform vec4 top_area;       // west, south, and the size of the map under the bodies, metres
uniform vec2 top_span;       // its lowest and highest metre
uniform bool bare;           // nothing moves
uniform mat4 inverse_view_projection;
layout(location = 0) out vec4 light;
layout(location = 1) out float who;
vec4 under(vec4 depth, float z) {
    vec4 gap = mix(vec4(top_span.x), vec4(top_span.y), depth) - z;
    vec4 near = smoothstep(-0.12, -0.03, gap) * (1.0 - smoothstep(0.05, 1.2, gap));
    return mix(near, vec4(0.0), step(1.0, depth));
}
float under_bodies(vec3 place) {
    vec2 q = (place.xy - top_area.xy) / top_area.zw;
    if (any(lessThan(q, vec2(0.0))) || any(greaterThan(q, vec2(1.0)))) return 0.0;
    ivec2 last = textureSize(body_top, 0) - 1;
    float sum = 0.0;
    for (int k = 0; k < 7; ++k) {
        float turn = 2.4 * float(k), r = 0.06 + 0.07 * float(k);
        vec2 t = (q + r * vec2(cos(turn), sin(turn)) / top_area.zw) * vec2(last + 1) - 0.5;
        ivec2 low = clamp(ivec2(floor(t)), ivec2(0), last - 1);
        vec2 f = clamp(t - vec2(low), 0.0, 1.0);
        vec4 near = under(vec4(texelFetch(body_top, low, 0).r, texelFetch(body_top, low + ivec2(1, 0), 0).r,
            texelFetch(body_top, low + ivec2(0, 1), 0).r, texelFetch(body_top, low + ivec2(1, 1), 0).r), place.z);
        sum += mix(mix(near.x, near.y, f.x), mix(near.z, near.w, f.x), f.y);
    }
    return sum / 7.0;
}
void main() {
    ivec2 first = 2 * ivec2(gl_FragCoord.xy), middle = first + ivec2(1, 1);
    vec3 over = vec3(0.0), soft = vec3(0.0), hard = vec3(0.0);
    vec4 skin = vec4(0.0);
    float bodies = 0.0;
    for (int k = 0; k < 4; ++k) {
        ivec2 p = first + ivec2(k & 1, k >> 1);
        vec4 body = bare ? vec4(0.0) : texelFetch(body_soft, p, 0);
        over += body.rgb * body.a;
        bodies += body.a;
        soft += texelFetch(street_soft, p, 0).rgb * (1.0 - body.a);
        hard += texelFetch(street_hard, p, 0).rgb * (1.0 - body.a);
        if (beam_count > 0) skin += texelFetch(street_skin, p, 0) * (1.0 - body.a);
    }
    vec2 street = texelFetch(street_who, middle, 0).rg;
    float share = 1.0 - bodies / 4.0;
    if (street.g < 9e3 && share > 0.0 && !(bare && beam_count == 0)) {
        vec2 at = (vec2(middle) + 0.5) / vec2(textureSize(street_depth, 0));
        vec4 here = inverse_view_projection * vec4(vec3(at, texelFetch(street_depth, middle, 0).r) * 2.0 - 1.0, 1.0);
        vec3 place = here.xyz / here.w, n = normalize(texelFetch(street_way, middle, 0).xyz * 2.0 - 1.0);
        if (!bare) {
            soft *= 1.0 - 0.65 * under_bodies(place);
            if (any(greaterThan(hard, vec3(0.0)))) hard *= lit(body_shadow, body_projection, place + 0.01 * n, 0.01);
        }
        if (beam_count > 0) {
            soft += skin.rgb * beam_light(place, n);
            vec3 way = reflect(normalize(place - eye), n);
            if (skin.a > 0.4)
                for (int k = 0; k < beam_count; ++k) 
                    soft += 4.0 * glint(place, way, beam_position[k], beam_toward[k], beam_rgb[k], beam_cone[k], skin.a / 4.0);
        }
    }
    vec3 sum = soft + hard;
    if (fog > 0.0) sum = mix(horizon_rgb * 0.9 * 4.0 * share, sum, exp(-fog * min(street.g, 150.0)));
    vec2 body = bare || texelFetch(body_soft, middle, 0).a < 0.5 ? street : texelFetch(body_who, middle, 0).rg;
    light = vec4((sum + over) / 4.0, body.g);
    who = body.r;
}
