// A C++ program that allocates by new, by malloc's relatives and by containers, and whose threads wait
// for a lock; and for each other. Goes on until it is ended.
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace
{
std::mutex table_mutex, turn_mutex;
std::condition_variable turn_changed;
std::map<unsigned, std::string> table;
unsigned turn;

struct alignas(64) wide {
    char bytes[4096];
};

void store(unsigned key, std::string value)
{
    std::lock_guard<std::mutex> guard(table_mutex);
    table[key % 1000] = std::move(value);
    std::this_thread::sleep_for(std::chrono::microseconds(50));
}

void work(unsigned number, unsigned count)
{
    for (unsigned i = number;; i += count) {
        store(i, std::string(1000 + i % 100, 'x'));
        auto block = std::make_unique<wide>();
        std::free(std::aligned_alloc(256, 512));
        std::unique_lock<std::mutex> lock(turn_mutex);
        turn++;
        turn_changed.notify_all();
        turn_changed.wait_for(lock, std::chrono::milliseconds(1));
    }
}
}

int main()
{
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 4; i++)
        threads.emplace_back(work, i, 4);
    for (auto &thread : threads)
        thread.join();
}
