/* Double and the whole spectrum where the network is small, float and its ends where it is large. */
#include "net/network.h"
#include "probe/probe.h"

int probe_run(const struct probe_ask *a, struct probe_report *r, struct err *e)
{
    struct network n;
    int64_t parameters;
    int result = network_f.build(&n, a->spec, (struct shape){a->batch->steps, a->batch->width}, e);

    if (result)
        return result;
    parameters = n.parameters;
    network_f.free(&n);
    return (parameters <= SPECTRUM_MOST ? probe_d : probe_f).run(a, r, e);
}

void probe_free(struct probe_report *r)
{
    probe_f.free(r);
}
