// An image whose requests are done when submit() returns.
#pragma once

#include "devices/storage/image_file.h"

namespace nyx::dev {

class PlainStore final : public BlockStore {
  public:
    explicit PlainStore(ImageFile image) : image_(std::move(image)) {}
    std::uint64_t size() const override { return image_.size; }
    bool read_only() const override { return image_.read_only; }
    void submit(BlockRequest request) override;

  private:
    ImageFile image_;
};

}  // namespace nyx::dev
