#include "parallel.h"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

namespace runner {
namespace {

/** Threads that wait for parts of one piece of work at a time. They live as long as the process. */
class Pool {
 public:
  explicit Pool(int workers) {
    for (int i = 0; i < workers; i++) std::thread([this] { work(); }).detach();
  }

  void run(int parts, const std::function<void(int)>& body) {
    std::unique_lock<std::mutex> lock(mutex_);
    body_ = &body;
    parts_ = parts;
    next_ = 0;
    unfinished_ = parts;
    started_.notify_all();
    takeParts(lock);
    finished_.wait(lock, [this] { return unfinished_ == 0; });
  }

 private:
  void takeParts(std::unique_lock<std::mutex>& lock) {
    while (next_ < parts_) {
      const int part = next_++;
      const auto* body = body_;
      lock.unlock();
      (*body)(part);
      lock.lock();
      if (--unfinished_ == 0) finished_.notify_all();
    }
  }

  void work() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      started_.wait(lock, [this] { return next_ < parts_; });
      takeParts(lock);
    }
  }

  std::mutex mutex_;
  std::condition_variable started_, finished_;
  const std::function<void(int)>* body_ = nullptr;
  int parts_ = 0, next_ = 0, unfinished_ = 0;
};

}  // namespace

int threadCount() {
  static const int count = [] {
    const char* text = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int asked = text ? std::atoi(text) : 0;
    return asked > 0 ? asked : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }();
  return count;
}

int parallel(int64_t count, int64_t grain, const std::function<void(int, int64_t, int64_t)>& body) {
  const int parts = static_cast<int>(std::clamp<int64_t>(count / std::max<int64_t>(grain, 1), 1, threadCount()));
  const auto runPart = [&](int part) { body(part, count * part / parts, count * (part + 1) / parts); };
  if (parts == 1) {
    runPart(0);
  } else {
    static Pool* pool = new Pool(threadCount() - 1);  // never destroyed: its threads outlive static objects
    pool->run(parts, runPart);
  }
  return parts;
}

}  // namespace runner
