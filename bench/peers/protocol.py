"""Warm up, print the work, wait for a line with seconds, step for so long, print the times: see step-process.ts."""
import json, resource, sys, time


def serve(step, parameters, multiply_adds, warm_up=5):
    for _ in range(warm_up):
        step()
    print(json.dumps(dict(parameters=parameters, multiplyAdds=multiply_adds)), flush=True)
    seconds = float(sys.stdin.readline())
    times = []
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        step()
        times.append((time.perf_counter() - start) * 1e3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(dict(stepMilliseconds=times, peakBytes=peak)), flush=True)
