/* Double and the whole spectrum where the network is small, float and its ends where it is large. */
#include "net/network.h"
#include "hessian/escape.h"
#include "hessian/probe.h"

/* Whether the network of this ask is small; or an error. */
static int is_small(const struct probe_ask *a, struct err *e)
{
    struct network n;
    int64_t parameters;
    int r = network_f.build(&n, a->spec, (struct shape){a->batch->steps, a->batch->width}, e);

    if (r)
        return r;
    parameters = n.parameters;
    network_f.free(&n);
    return parameters <= SPECTRUM_MOST;
}

int probe_run(const struct probe_ask *a, struct probe_report *r, struct err *e)
{
    int small = is_small(a, e);

    return small < 0 ? small : (small ? probe_d : probe_f).run(a, r, e);
}

int escape_run(const struct escape_ask *a, struct escape_report *r, struct err *e)
{
    int small = is_small(&a->point, e);

    return small < 0 ? small : (small ? escape_d : escape_f).run(a, r, e);
}

void probe_free(struct probe_report *r)
{
    probe_f.free(r);
}
