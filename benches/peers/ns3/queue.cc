// ns-3: events are functions scheduled with the simulator; a timeout is an event that the start of the service cancels.

#include "ns3/double.h"
#include "ns3/random-variable-stream.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <string>

using namespace ns3;

namespace
{

const uint32_t WORKERS = 50;

struct Waiting
{
    Time since;
    uint32_t tries;
    EventId timeout;
};

class Desk
{
  public:
    Desk(uint64_t people, double rate, bool stays, uint32_t tries)
        : m_left(people),
          m_stays(stays),
          m_tries(tries),
          m_gap(Exponential(1 / rate)),
          m_service(Exponential(1)),
          m_retry(Exponential(20))
    {
        Next();
    }

    uint64_t tries{0}, served{0}, timeouts{0};
    double waited{0}, queue{0};

  private:
    static Ptr<ExponentialRandomVariable> Exponential(double mean)
    {
        auto draws = CreateObject<ExponentialRandomVariable>();
        draws->SetAttribute("Mean", DoubleValue(mean));
        return draws;
    }

    void Next()
    {
        if (m_left > 0)
        {
            m_left--;
            Simulator::Schedule(Seconds(m_gap->GetValue()), &Desk::Fresh, this);
        }
    }

    void Fresh()
    {
        Come(1);
        Next();
    }

    void Come(uint32_t tried)
    {
        tries++;
        if (m_busy < WORKERS)
        {
            m_busy++;
            Serve();
            return;
        }
        EventId timeout;
        if (!m_stays)
        {
            timeout = Simulator::Schedule(Seconds(5), &Desk::Leave, this);
        }
        m_line.push_back({Simulator::Now(), tried, timeout});
    }

    void Serve()
    {
        Simulator::Schedule(Seconds(m_service->GetValue()), &Desk::Done, this);
    }

    void Done()
    {
        served++;
        if (m_line.empty())
        {
            m_busy--;
            return;
        }
        Waiting next = m_line.front();
        m_line.pop_front();
        next.timeout.Cancel();
        double wait = (Simulator::Now() - next.since).GetSeconds();
        waited += wait;
        queue += wait;
        Serve();
    }

    // Patience is constant: whoever leaves is the first in the line.
    void Leave()
    {
        Waiting gone = m_line.front();
        m_line.pop_front();
        timeouts++;
        queue += (Simulator::Now() - gone.since).GetSeconds();
        if (gone.tries < m_tries)
        {
            Simulator::Schedule(Seconds(m_retry->GetValue()), &Desk::Come, this, gone.tries + 1);
        }
    }

    uint64_t m_left;
    bool m_stays;
    uint32_t m_tries;
    uint32_t m_busy{0};
    std::deque<Waiting> m_line;
    Ptr<ExponentialRandomVariable> m_gap, m_service, m_retry;
};

} // namespace

int
main(int argc, char* argv[])
{
    if (argc != 4)
    {
        std::fprintf(stderr, "usage: MODEL PEOPLE SEED\n");
        return 2;
    }
    std::string model = argv[1];
    RngSeedManager::SetSeed(std::strtoul(argv[3], nullptr, 10));
    std::clock_t before = std::clock();
    Desk desk(std::strtoull(argv[2], nullptr, 10), model == "m1" ? 45 : 60, model == "m1", model == "m3" ? 5 : 1);
    Simulator::Run();
    double seconds = double(std::clock() - before) / CLOCKS_PER_SEC;
    std::printf("{\"tries\": %llu, \"served\": %llu, \"timeouts\": %llu, \"waited\": %.9g, \"queue\": %.9g, \"seconds\": %.6f}\n",
                (unsigned long long)desk.tries,
                (unsigned long long)desk.served,
                (unsigned long long)desk.timeouts,
                desk.waited,
                desk.queue,
                seconds);
    Simulator::Destroy();
}
